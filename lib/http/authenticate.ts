import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { APP_KEY } from '../model/app-settings';
import { Refusal } from '../model/errors';
import type { SecretStore } from '../model/ports';

export const SCOPES = ['device', 'server', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who calls: proven by a JWT, or for one device's own background calls by its device key. */
export type Caller =
  | {
      readonly kind: 'token';
      readonly appKey: string;
      readonly scope: Scope;
      readonly accountId?: string;
    }
  | { readonly kind: 'device-key'; readonly appKey: string; readonly keyHash: string };

const MAX_LIFE_SECONDS = 30 * 86_400;
const DEVICE_KEY = /^opd1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/** Reads the `Authorization` header; throws `Refusal` 401 with one fixed text per cause, never with the token. */
export async function authenticate(
  authorization: string | undefined,
  secrets: SecretStore,
): Promise<Caller> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer === undefined) throw new Refusal(401, 'a bearer token is required');
  const deviceKey = DEVICE_KEY.exec(bearer);
  if (deviceKey?.[1] !== undefined) {
    const appKey = Buffer.from(deviceKey[1], 'base64url').toString();
    if (!APP_KEY.test(appKey)) throw invalid();
    return { kind: 'device-key', appKey, keyHash: hashDeviceKey(bearer) };
  }
  return verifyJwt(bearer, secrets);
}

async function verifyJwt(token: string, secrets: SecretStore): Promise<Caller> {
  const keyId = keyIdOf(token);
  const appKey = keyId.split('.')[0] ?? '';
  if (!APP_KEY.test(appKey) || keyId.length > 80) throw invalid();
  const secret = (await secrets.secretsOf(appKey, keyId)).get(keyId);
  if (secret === undefined) throw invalid();
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: 5,
    });
    const { scope, sub, exp = 0 } = payload;
    const known = SCOPES.find((one) => one === scope);
    if (known === undefined) throw invalid();
    if (exp - Date.now() / 1000 > MAX_LIFE_SECONDS + 60) {
      throw new Refusal(401, 'the token is valid for more than 30 days');
    }
    if (known === 'device' && !sub) throw new Refusal(401, 'a device token needs sub');
    return {
      kind: 'token',
      appKey,
      scope: known,
      ...(sub === undefined ? {} : { accountId: sub }),
    };
  } catch (error) {
    throw error instanceof Refusal ? error : invalid();
  }
}

function keyIdOf(token: string): string {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    if (typeof kid !== 'string' || alg !== 'HS256') throw invalid();
    return kid;
  } catch {
    throw invalid();
  }
}

function invalid(): Refusal {
  return new Refusal(401, 'the token is invalid or expired');
}

/** A new device key; `random` are 32 unguessable bytes. */
export function deviceKeyOf(appKey: string, random: Uint8Array): string {
  return `opd1.${Buffer.from(appKey).toString('base64url')}.${Buffer.from(random).toString('base64url')}`;
}

/** What is stored of a device key. */
export function hashDeviceKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

/** Compares hashes without telling by time how much of them was right. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
