import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AccessTokenStore } from '../../model/access-token';
import type { Certificate } from '../../model/certificate';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../model/time';
import { type AccessTokens, accessTokenKey, createAccessTokens } from '../access-tokens';
import type { ApnsCredentials } from './credentials';

/**
 * A provider token is good for an hour, and one that is new within 20 minutes of the last is refused (developer.apple.com, "Establishing
 * a token-based connection to APNs", checked 2026-11-24). So `iat` is the last full half hour: whoever signs makes the same claims.
 */
const LIFE_MS = 60 * MINUTE_MS;
const STEP_MS = 30 * MINUTE_MS;
const SHORTEST_RENEWAL_MS = 20 * MINUTE_MS;

/**
 * Provider tokens of a certificate, signed with its own key. All containers, and all certificates of the app with that key, use the one
 * in the store: Apple may count a second signature of the same claims as another token, and for the whole team.
 */
export function createProviderTokens(
  certificate: Certificate,
  credentials: ApnsCredentials,
  { store, clock }: { readonly store: AccessTokenStore; readonly clock: Clock },
): AccessTokens {
  const { teamId, keyId, privateKey } = credentials;
  const key = createPrivateKey(privateKey);
  const signer = { name: `${teamId}.${keyId}`, credentials: { teamId, keyId, privateKey } };
  let isReplacing = false;
  let replacedAt = Number.NEGATIVE_INFINITY;

  const tokens = createAccessTokens(
    accessTokenKey({ ...certificate, ...signer }),
    async () => {
      const now = clock.now();
      // the claims of before would be as old
      const issuedAt = isReplacing ? now : Math.floor(now / STEP_MS) * STEP_MS;
      const accessToken = await signProviderToken(key, credentials, issuedAt);
      return { kind: 'issued', accessToken, lifeMs: issuedAt + LIFE_MS - now };
    },
    { store, clock },
  );

  return {
    get: tokens.get,
    /** At most one in 20 minutes; after that the refused one again. */
    replace(refused) {
      const now = clock.now();
      if (now - replacedAt < SHORTEST_RENEWAL_MS) return tokens.get();
      replacedAt = now;
      isReplacing = true;
      return tokens.replace(refused).finally(() => {
        isReplacing = false;
      });
    },
  };
}

/** The members stand in this order. */
export function signProviderToken(
  key: KeyObject,
  { teamId, keyId }: Pick<ApnsCredentials, 'teamId' | 'keyId'>,
  issuedAt: EpochMs,
): Promise<string> {
  return new SignJWT({ iss: teamId, iat: Math.floor(issuedAt / SECOND_MS) })
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .sign(key);
}
