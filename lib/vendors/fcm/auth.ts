import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { looseObject, minValue, number, pipe, regex, safeParse, string } from 'valibot';
import type { HttpClient, HttpResult } from '../../model/ports';
import type { SendOutcome } from '../../model/send-outcome';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../model/time';
import { outcomeWithoutAnswer, retryAfterMsOf, safeWords } from '../vendor';
import type { ServiceAccount } from './credentials';

/** https://developers.google.com/identity/protocols/oauth2/service-account (checked 2026-11-24). */
const TOKEN_PATH = '/token';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const ASSERTION_SECONDS = 3_600;
const TIMEOUT_MS = 5 * SECOND_MS;
/** A token is replaced so long before it ends, or at half its life if that is short. */
const RENEW_BEFORE_MS = 5 * MINUTE_MS;

/** An access token, or what its refusal means for every message that needed it. */
export type Access =
  | { readonly kind: 'granted'; readonly accessToken: string }
  | { readonly kind: 'refused'; readonly outcome: SendOutcome };

export interface AccessTokens {
  /** The token in use; asked for once, however many need it. */
  get(): Promise<Access>;
  /** A token other than the one that was just refused. */
  replace(refused: string): Promise<Access>;
}

/** Access tokens of one service account, from `{authEndpoint}/token`. */
export function createAccessTokens(
  account: ServiceAccount,
  authEndpoint: string,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): AccessTokens {
  const key = createPrivateKey(account.private_key);
  let current: { readonly accessToken: string; readonly renewAt: EpochMs } | undefined;
  let asking: Promise<Access> | undefined;

  async function ask(): Promise<Access> {
    const now = clock.now();
    const assertion = await signAssertion(now);
    const result = await http.send({
      method: 'POST',
      url: authEndpoint + TOKEN_PATH,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString(),
      timeoutMs: TIMEOUT_MS,
      weight: 0,
    });
    const issued = readIssued(result);
    if (issued === undefined) {
      return { kind: 'refused', outcome: readRefusal(result, assertion, clock.now()) };
    }
    const lifeMs = issued.expires_in * SECOND_MS;
    const renewAt = now + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
    current = { accessToken: issued.access_token, renewAt };
    return { kind: 'granted', accessToken: issued.access_token };
  }

  function signAssertion(now: EpochMs): Promise<string> {
    const issuedAt = Math.floor(now / SECOND_MS);
    const keyId = account.private_key_id === undefined ? {} : { kid: account.private_key_id };
    return new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...keyId })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_SECONDS)
      .sign(key);
  }

  function get(): Promise<Access> {
    if (current !== undefined && clock.now() < current.renewAt) {
      return Promise.resolve({ kind: 'granted', accessToken: current.accessToken });
    }
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return {
    get,
    replace(refused) {
      if (current?.accessToken === refused) {
        current = undefined;
      }
      return get();
    },
  };
}

const issuedSchema = looseObject({
  // it goes into a header
  access_token: pipe(string(), regex(/^[\x21-\x7e]+$/)),
  expires_in: pipe(number(), minValue(1)),
});

function readIssued(result: HttpResult) {
  if (result.kind !== 'response' || result.status !== 200) {
    return undefined;
  }
  const issued = safeParse(issuedSchema, jsonOf(result.body));
  return issued.success ? issued.output : undefined;
}

const refusalSchema = looseObject({ error: pipe(string(), regex(/^[a-z_]{1,40}$/)) });

function readRefusal(result: HttpResult, assertion: string, now: EpochMs): SendOutcome {
  if (result.kind !== 'response') {
    return outcomeWithoutAnswer(result);
  }
  const { status } = result;
  const text = `the token endpoint answered HTTP ${status}`;
  if (status >= 500 || status === 429 || status === 408) {
    const retryAfterMs = retryAfterMsOf(result.headers['retry-after'], now);
    const reason = { code: `auth-http-${status}`, text };
    return { kind: 'unavailable', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status < 300) {
    const reason = { code: 'auth-unreadable', text: `${text} without a token` };
    return { kind: 'unavailable', reason: { ...reason, unmapped: true } };
  }
  const refusal = safeParse(refusalSchema, jsonOf(result.body));
  if (!refusal.success) {
    return { kind: 'misconfigured', reason: { code: `auth-http-${status}`, text } };
  }
  const description = refusal.output['error_description'];
  const words = typeof description === 'string' ? safeWords(description, [assertion]) : '';
  const reason = { code: refusal.output.error, text: words === '' ? text : words };
  return { kind: 'unauthorized', reason };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
