import { jsonReply, type Reply, type VendorRequest } from '../exchange';
import { parseForm } from '../strict-form';
import type { TokenDesk } from '../token-desk';

/** `expires_in` of Honor's tokens, as published examples have it. */
export const LIFE_SECONDS = 3_600;

/**
 * The token call and its older path (Honor developer account, "Honor Push – sending downlink messages",
 * my.oschina.net/u/5873522/blog/10140231).
 */
export function isTokenPath(path: string): boolean {
  return path === '/auth/token' || path === '/auth/realms/developer/protocol/openid-connect/token';
}

const FIELDS = ['grant_type', 'client_id', 'client_secret'] as const;

/** Whom tokens are issued to. */
export interface HonorClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Answers a request for an access token. The fields are those of github.com/zandala88/honor-push; the form
 * of refusals is RFC 6749, section 5.2, as Honor publishes none.
 */
export function answerTokenRequest(
  { method, headers, body }: Pick<VendorRequest, 'method' | 'headers' | 'body'>,
  { clientId, clientSecret }: HonorClient,
  desk: TokenDesk,
): Reply {
  if (method !== 'POST') return refuse(405, 'invalid_request', 'only POST is served');
  const contentType = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!/^application\/x-www-form-urlencoded(;charset="?utf-8"?)?$/.test(contentType)) {
    return refuse(400, 'invalid_request', 'Content-Type must be a UTF-8 form');
  }
  const form = parseForm(body);
  if (!form.ok) return refuse(400, 'invalid_request', form.problem);
  const values = FIELDS.map((name) => form.fields.get(name) ?? []);
  if (form.fields.size !== FIELDS.length || values.some(({ length }) => length !== 1)) {
    return refuse(400, 'invalid_request', `needed once each: ${FIELDS.join(', ')}`);
  }
  const [grantType, id, secret] = values.flat();
  if (grantType !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
  }
  if (id !== clientId || secret !== clientSecret) {
    return refuse(401, 'invalid_client', 'Invalid client or Invalid client credentials');
  }
  return jsonReply(200, {
    access_token: desk.issue('eyJ', Date.now()),
    expires_in: desk.lifeSeconds,
    token_type: 'Bearer',
  });
}

function refuse(status: number, error: string, description: string): Reply {
  return jsonReply(status, { error, error_description: description });
}
