import { htmlReply, jsonReply, type Reply, type VendorRequest } from '../exchange';
import { RateWindow } from '../rate-window';
import { parseForm } from '../strict-form';
import type { TokenDesk } from '../token-desk';

/** Source: developer.huawei.com, HMSCore-Guides/oauth2-0000001212610981: access tokens are good for an hour. */
export const LIFE_SECONDS = 3_600;
/** "1000 access tokens every 5 minutes", per app (HMSCore-Guides/oauth2-0000001212610981). */
export const MAX_TOKENS = 1_000;
const WINDOW_MS = 300_000;

/** The vendor's words for a sub-error. Source: harmonyos-references/account-server-error-code. */
const SUB_ERRORS = {
  12304: 'invalid client_secret',
  20002: 'invalid client_id format',
  20003: 'client_id does not exist',
  20171: 'client_secret is empty',
  20172: 'invalid client_secret format',
  20182: 'invalid grant_type',
} as const;

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The token endpoint of one app: its client secret in, opaque access tokens out. */
export class OAuth {
  readonly #client: OAuthClient;
  readonly #desk: TokenDesk;
  readonly #issued = new RateWindow(MAX_TOKENS, WINDOW_MS);

  constructor(client: OAuthClient, desk: TokenDesk) {
    this.#client = client;
    this.#desk = desk;
  }

  /** Access tokens that may be issued in any 5 minutes. */
  set limit(tokens: number) {
    this.#issued.limit = tokens;
  }

  answer({ method, headers, body }: Omit<VendorRequest, 'path' | 'rawHeaders'>): Reply {
    if (this.#desk.arrive()) return htmlReply(503, 'Service Unavailable');
    if (method !== 'POST') return htmlReply(405, 'Method Not Allowed');
    const type = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
    const isForm = /^application\/x-www-form-urlencoded(;charset="?utf-8"?)?$/.test(type);
    const form = parseForm(body);
    // without a readable form there is no parameter at all, and the first one to be missed is this
    if (!isForm || !form.ok) return refuseToken(20182);
    const refusal = this.#check((name) => form.fields.get(name) ?? []);
    if (refusal !== undefined) return refuseToken(refusal);
    if (!this.#issued.admit(performance.now())) return htmlReply(503, 'Service Unavailable');
    return this.#issue();
  }

  /** Forgets what was issued lately; the tokens stay good. */
  clearWindow(): void {
    this.#issued.clear();
    this.#issued.limit = MAX_TOKENS;
  }

  /** A parameter that comes twice has no valid format (RFC 6749, 3.2); unknown ones are passed over. */
  #check(values: (name: string) => readonly string[]): keyof typeof SUB_ERRORS | undefined {
    const [grantType, ...moreTypes] = values('grant_type');
    if (grantType !== 'client_credentials' || moreTypes.length > 0) return 20182;
    const [clientId = '', ...moreIds] = values('client_id');
    if (!/^[0-9]{1,64}$/.test(clientId) || moreIds.length > 0) return 20002;
    if (clientId !== this.#client.clientId) return 20003;
    const [secret = '', ...moreSecrets] = values('client_secret');
    if (secret === '') return 20171;
    if (!/^[\x21-\x7e]+$/.test(secret) || moreSecrets.length > 0) return 20172;
    return secret === this.#client.clientSecret ? undefined : 12304;
  }

  #issue(): Reply {
    const reply = jsonReply(
      200,
      {
        // real ones hold characters that base64url has not
        access_token: this.#desk.issue('CgB6e3x9/+', Date.now()),
        expires_in: this.#desk.lifeSeconds,
        token_type: 'Bearer',
      },
      { 'cache-control': 'no-store' },
    );
    // the vendor's JSON writes / as \/
    return { ...reply, body: reply.body.replaceAll('/', '\\/') };
  }
}

function refuseToken(sub_error: keyof typeof SUB_ERRORS): Reply {
  return jsonReply(400, { error: 1101, sub_error, error_description: SUB_ERRORS[sub_error] });
}

/** A token request as it may be shown. */
export function withoutSecret(body: Buffer): Buffer {
  return Buffer.from(
    body.toString().replaceAll(/(^|&)client_secret=[^&]*/g, '$1client_secret=[redacted]'),
  );
}
