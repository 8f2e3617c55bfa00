import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  check,
  type InferOutput,
  maxLength,
  nonEmpty,
  object,
  pipe,
  string,
  transform,
  unknown,
} from 'valibot';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import type { AccessTokens } from './access-tokens';
import { jsonOf } from './posts';

/** `aud` of the JWT, whatever host it is sent to: developer.huawei.com, Push Kit, "push-jwt-token". */
const AUDIENCE = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';
const LIFE_SECONDS = 3_600;
/** Signed anew so long before it ends. */
const RENEW_BEFORE_MS = 5 * MINUTE_MS;
/** No shorter key signs PS256. */
const MIN_KEY_BITS = 2_048;

/** No message names what was given: a private key is in it. */
const text = pipe(
  string('must be a string'),
  nonEmpty('must not be empty'),
  maxLength(256, 'must have at most 256 characters'),
);

/** The file Huawei's API Console offers for a service account, as an object or as its text; only what is needed is kept. */
export const huaweiServiceAccount = pipe(
  unknown(),
  transform((given) => (typeof given === 'string' ? jsonOf(given) : given)),
  object(
    {
      project_id: text,
      key_id: text,
      private_key: pipe(
        string('must be a string'),
        maxLength(16_384, 'must have at most 16384 characters'),
        check(isSigningKey, `must be an RSA private key in PEM of at least ${MIN_KEY_BITS} bits`),
      ),
      sub_account: text,
    },
    (issue) =>
      issue.expected === 'Object' ? 'must be the JSON of a service account' : 'is missing',
  ),
);

export type HuaweiServiceAccount = InferOutput<typeof huaweiServiceAccount>;

function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return (
      asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_KEY_BITS
    );
  } catch {
    return false;
  }
}

/** Bearer tokens a Huawei service account signs for itself; nobody issues them, so there is nothing to share. */
export interface ServiceAccountJwt {
  get(): Promise<string>;
  /** Signs a new one although the old one is not over: the vendor refused it. */
  renew(): Promise<string>;
}

/** Signs with PS256 for an hour at a time; throws when the private key is none. */
export function createServiceAccountJwt(
  account: HuaweiServiceAccount,
  clock: Clock,
): ServiceAccountJwt {
  const key = createPrivateKey(account.private_key);
  let current: { readonly jwt: Promise<string>; readonly renewAt: EpochMs } | undefined;

  function sign(): Promise<string> {
    const now = clock.now();
    const issuedAt = Math.floor(now / SECOND_MS);
    const jwt = new SignJWT()
      .setProtectedHeader({ kid: account.key_id, typ: 'JWT', alg: 'PS256' })
      .setIssuer(account.sub_account)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFE_SECONDS)
      .sign(key);
    current = { jwt, renewAt: now + LIFE_SECONDS * SECOND_MS - RENEW_BEFORE_MS };
    return jwt;
  }

  return {
    get: () => (current !== undefined && clock.now() < current.renewAt ? current.jwt : sign()),
    renew: sign,
  };
}

/** The same to senders that know access tokens only. */
export function accessBy(jwt: ServiceAccountJwt): AccessTokens {
  const granted = (accessToken: string) => ({ kind: 'granted', accessToken }) as const;
  return {
    get: async () => granted(await jwt.get()),
    async replace(refused) {
      const current = await jwt.get();
      return granted(current === refused ? await jwt.renew() : current);
    },
  };
}
