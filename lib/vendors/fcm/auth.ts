import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Clock, type EpochMs, SECOND_MS } from '../../model/time';
import type { HttpClient } from '../../model/vendor-ports';
import type { Fetched } from '../access-tokens';
import { requestToken } from '../oauth';
import type { ServiceAccount } from './credentials';

/** https://developers.google.com/identity/protocols/oauth2/service-account (checked 2026-11-24). */
const TOKEN_PATH = '/token';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const ASSERTION_SECONDS = 3_600;

/** Fetches an access token of a service account from `{authEndpoint}/token`. */
export async function fetchAccessToken(
  account: ServiceAccount,
  authEndpoint: string,
  ports: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const assertion = await signAssertion(account, ports.clock.now());
  const fields = [
    ['grant_type', GRANT_TYPE],
    ['assertion', assertion],
  ] as const;
  return requestToken({ url: authEndpoint + TOKEN_PATH, fields, secrets: [assertion] }, ports);
}

function signAssertion(account: ServiceAccount, now: EpochMs): Promise<string> {
  const issuedAt = Math.floor(now / SECOND_MS);
  const keyId = account.private_key_id === undefined ? {} : { kid: account.private_key_id };
  return new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...keyId })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_SECONDS)
    .sign(createPrivateKey(account.private_key));
}
