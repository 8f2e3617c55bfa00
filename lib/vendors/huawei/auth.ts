import type { Certificate } from '../../model/certificate';
import type { Clock } from '../../model/time';
import type { HttpClient } from '../../model/vendor-ports';
import {
  type AccessTokens,
  accessTokenKey,
  createAccessTokens,
  type Fetched,
} from '../access-tokens';
import { requestToken } from '../oauth';
import { outcomeOf, withWords } from '../outcomes';
import { accessBy, createServiceAccountJwt } from '../service-account-jwt';
import type { SenderPorts } from '../vendor';
import type { HuaweiCredentials } from './credentials';
import { errors } from './errors';

/** https://developer.huawei.com/consumer/cn/doc/HMSCore-Guides/oauth2-0000001212610981 (checked 2026-11-24). */
const TOKEN_PATH = '/oauth2/v3/token';

/** Access tokens of a certificate: signed by its service account, else issued to its OAuth client. */
export function createAccess(
  certificate: Certificate,
  credentials: HuaweiCredentials,
  authEndpoint: string,
  { accessTokens: store, clock, http }: SenderPorts,
): AccessTokens {
  const { clientId, clientSecret = '', serviceAccount } = credentials;
  return serviceAccount === undefined
    ? createAccessTokens(
        accessTokenKey(certificate),
        () => fetchAccessToken({ clientId, clientSecret }, authEndpoint, { http, clock }),
        { store, clock },
      )
    : accessBy(createServiceAccountJwt(serviceAccount, clock));
}

/** Fetches an access token from `{authEndpoint}/oauth2/v3/token`. */
export async function fetchAccessToken(
  client: { readonly clientId: string; readonly clientSecret: string },
  authEndpoint: string,
  ports: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const fields = [
    ['grant_type', 'client_credentials'],
    ['client_id', client.clientId],
    ['client_secret', client.clientSecret],
  ] as const;
  const secrets = [client.clientSecret];
  const fetched = await requestToken({ url: authEndpoint + TOKEN_PATH, fields, secrets }, ports);
  return fetched.kind === 'refused' ? { ...fetched, outcome: explained(fetched.outcome) } : fetched;
}

/** Says what the code of a refusal means, where it is a known one. */
function explained(outcome: Extract<Fetched, { kind: 'refused' }>['outcome']) {
  if (outcome.kind !== 'unauthorized' || !Object.hasOwn(errors, outcome.reason.code)) {
    return outcome;
  }
  const { code, text } = outcome.reason;
  return withWords(outcomeOf(errors, code, text), text);
}
