import {
  looseObject,
  minValue,
  number,
  optional,
  pipe,
  regex,
  safeParse,
  string,
  transform,
  union,
} from 'valibot';
import { jsonOf } from '../model/json-of';
import type { SendOutcome } from '../model/send-outcome';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';
import type { HttpClient, HttpResult } from '../model/vendor-ports';
import type { Fetched } from './access-tokens';
import { outcomeWithoutAnswer, retryAfterMsOf, safeWords } from './outcomes';
import { formPost } from './posts';

const TIMEOUT_MS = 5 * SECOND_MS;

/** One request of an OAuth 2.0 token endpoint. `secrets` are words no outcome may hold. */
export interface TokenRequest {
  readonly url: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly secrets: readonly string[];
}

/** Asks an OAuth 2.0 token endpoint for an access token. It does not count for the vendor's rate. */
export async function requestToken(
  { url, fields, secrets }: TokenRequest,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Promise<Fetched> {
  const result = await http.send(formPost(url, fields, { timeoutMs: TIMEOUT_MS, weight: 0 }));
  const issued = readIssued(result);
  return issued === undefined
    ? { kind: 'refused', outcome: readRefusal(result, secrets, clock.now()) }
    : {
        kind: 'issued',
        accessToken: issued.access_token,
        lifeMs: issued.expires_in * SECOND_MS,
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

/** Google's error is a word, Huawei's a number with a `sub_error` that says more. */
const codeSchema = pipe(union([string(), number()]), transform(String), regex(/^\w{1,40}$/));
const refusalSchema = looseObject({ error: codeSchema, sub_error: optional(codeSchema) });

function readRefusal(result: HttpResult, secrets: readonly string[], now: EpochMs): SendOutcome {
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
  const { error, sub_error: subError, error_description: description } = refusal.output;
  const code = subError === undefined ? error : `${error}-${subError}`;
  const words = typeof description === 'string' ? safeWords(description, secrets) : '';
  return { kind: 'unauthorized', reason: { code, text: words === '' ? text : words } };
}
