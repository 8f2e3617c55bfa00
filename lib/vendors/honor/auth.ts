import type { Clock } from '../../model/time';
import type { HttpClient } from '../../model/vendor-ports';
import type { Fetched } from '../access-tokens';
import { requestToken } from '../oauth';
import type { HonorCredentials } from './credentials';

/** As working clients ask, e.g. github.com/zandala88/honor-push (checked 2026-11-24). */
export const TOKEN_PATH = '/auth/token';
/** The path of Honor's own article (my.oschina.net/u/5873522/blog/10140231, 2023-11-01). */
export const OLDER_TOKEN_PATH = '/auth/realms/developer/protocol/openid-connect/token';

/** Fetches an access token from `{authEndpoint}/auth/token`, or from the older path where that one is not there. */
export function fetchAccessToken(
  { clientId, clientSecret }: HonorCredentials,
  authEndpoint: string,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const withOlderPath: HttpClient = {
    async send(request) {
      const result = await http.send(request);
      return result.kind === 'response' && result.status === 404
        ? http.send({ ...request, url: authEndpoint + OLDER_TOKEN_PATH })
        : result;
    },
  };
  const fields = [
    ['grant_type', 'client_credentials'],
    ['client_id', clientId],
    ['client_secret', clientSecret],
  ] as const;
  const request = { url: authEndpoint + TOKEN_PATH, fields, secrets: [clientSecret] };
  return requestToken(request, { http: withOlderPath, clock });
}
