import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import type { AccessTokens } from './access-tokens';
import type { HuaweiServiceAccount } from './huawei-service-account';

/** `aud` of the JWT, whatever host it is sent to: developer.huawei.com, Push Kit, "push-jwt-token". */
const AUDIENCE = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';
const LIFE_SECONDS = 3_600;
/** Signed anew so long before it ends. */
const RENEW_BEFORE_MS = 5 * MINUTE_MS;

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
