import { createHash } from 'node:crypto';
import {
  array,
  is,
  looseObject,
  number,
  optional,
  record,
  safeParse,
  string,
  union,
  unknown,
} from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import type { EpochMs } from '../../model/time';
import type { HttpRequest, HttpResult } from '../../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { formPost } from '../posts';
import type { MeizuCredentials } from './credentials';
import { errors, targetErrors } from './errors';

/** Notifications by pushId, without a task: only they report receipts. */
export const SEND_PATH = '/garcia/api/server/push/varnished/pushByPushId';

type Field = readonly [name: string, value: string];

/** MD5 of the parameters by name, each `name=value` as it is, and the secret; nothing stands between them. */
export function signOf(fields: readonly Field[], appSecret: string): string {
  const sorted = [...fields].sort(([one], [other]) => (one < other ? -1 : 1));
  const text = sorted.map(([name, value]) => `${name}=${value}`).join('') + appSecret;
  return createHash('md5').update(text).digest('hex');
}

/** The HTTP request of a message, signed. */
export function buildRequest(
  messageJson: string,
  pushIds: readonly string[],
  { appId, appSecret }: MeizuCredentials,
  { url, timeoutMs }: { readonly url: string; readonly timeoutMs: number },
): HttpRequest {
  const fields: readonly Field[] = [
    ['appId', appId],
    ['pushIds', pushIds.join(',')],
    ['messageJson', messageJson],
  ];
  return formPost(url, [...fields, ['sign', signOf(fields, appSecret)]], { timeoutMs });
}

/** What an answer means. */
export interface MeizuAnswer {
  outcomeOf(token: string): SendOutcome;
  /** Where the same request is to be sent instead. */
  readonly redirect?: string;
}

const answerSchema = looseObject({
  code: union([string(), number()]),
  message: optional(unknown()),
  value: optional(unknown()),
  redirect: optional(unknown()),
  msgId: optional(unknown()),
});
const failuresSchema = record(string(), unknown());
const list = array(unknown());

const SUCCESS = '200';
const REDIRECT = '300';
const OTHER_ERROR = '500';
/** Folded on the phone with others of the same minute. */
const FOLDED = '520';
/** "Already finished" and wrong dates are not mended by another try. */
const FINAL_WORDS = /finish|complete|\bdate|结束|完成|日期/i;

/** What a request for several tokens, or one, came to. */
export function readAnswer(
  result: HttpResult,
  sent: { readonly tokens: readonly string[]; readonly appSecret: string },
  now: EpochMs,
): MeizuAnswer {
  if (result.kind !== 'response') {
    return forAll(outcomeWithoutAnswer(result));
  }
  const { status } = result;
  const retryAfterMs = retryAfterMsOf(result.headers['retry-after'], now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 500) {
    const reason = { code: `http-${status}`, text: `HTTP ${status}` };
    return forAll({ kind: 'unavailable', reason, ...wait });
  }
  const answer = safeParse(answerSchema, jsonOf(result.body));
  const code = answer.success ? String(answer.output.code) : '';
  if (!answer.success || !/^\d{1,9}$/.test(code) || (code === SUCCESS && status >= 300)) {
    const text = `HTTP ${status} and an answer that cannot be read`;
    return forAll(outcomeOf(errors, `http-${status}`, text, retryAfterMs));
  }
  const { message, value, redirect, msgId } = answer.output;
  const secrets = [...sent.tokens, sent.appSecret];
  if (code === SUCCESS) {
    const id = typeof msgId === 'string' ? safeWords(msgId, secrets) : '';
    const accepted: SendOutcome = { kind: 'accepted', ...(id === '' ? {} : { receiptId: id }) };
    return readFailures(value, accepted, retryAfterMs);
  }
  const words = safeWords(typeof message === 'string' ? message : '', secrets);
  const outcome = withWords(outcomeOf(errors, code, words, retryAfterMs), words);
  if (code === OTHER_ERROR && FINAL_WORDS.test(words) && outcome.kind !== 'accepted') {
    return forAll({ kind: 'rejected', reason: outcome.reason });
  }
  const target = code === REDIRECT && typeof redirect === 'string' ? { redirect } : {};
  return { ...forAll(forTheseTokens(outcome, sent.tokens.length)), ...target };
}

/** An answer that means the same for every token. */
export function forAll(outcome: SendOutcome): MeizuAnswer {
  return { outcomeOf: () => outcome };
}

/** Which of several tokens is meant, nobody knows: none is forgotten, and they come again in smaller requests. */
function forTheseTokens(outcome: SendOutcome, tokens: number): SendOutcome {
  return outcome.kind === 'token-invalid' && tokens > 1
    ? { kind: 'misconfigured', reason: outcome.reason }
    : outcome;
}

/** `value` is code → targets; who is in no list was accepted. */
function readFailures(
  value: unknown,
  accepted: SendOutcome,
  retryAfterMs: number | undefined,
): MeizuAnswer {
  const failures = new Map<unknown, string>();
  for (const [code, targets] of Object.entries(is(failuresSchema, value) ? value : {})) {
    for (const target of is(list, targets) ? targets : []) {
      failures.set(target, code);
    }
  }
  return {
    outcomeOf(token) {
      const code = failures.get(token);
      if (code === undefined || code === FOLDED) return accepted;
      return /^\d{1,9}$/.test(code)
        ? outcomeOf(targetErrors, code, `code ${code} for this target`, retryAfterMs)
        : outcomeOf(targetErrors, 'unreadable', 'a code that cannot be read', retryAfterMs);
    },
  };
}
