import {
  array,
  is,
  looseObject,
  number,
  optional,
  safeParse,
  string,
  union,
  unknown,
} from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import type { EpochMs } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { errors } from './errors';

/** What an answer means. */
export interface HonorAnswer {
  outcomeOf(token: string): SendOutcome;
  /** The access token was refused: with another one the request may pass. */
  readonly isAccessRefused: boolean;
}

/** An answer that means the same for every token. */
export function forAll(outcome: SendOutcome, isAccessRefused = false): HonorAnswer {
  return { outcomeOf: () => outcome, isAccessRefused };
}

const answerSchema = looseObject({
  code: union([number(), string()]),
  message: optional(unknown()),
  data: optional(unknown()),
});
const dataSchema = looseObject({
  sendResult: optional(unknown()),
  requestId: optional(unknown()),
  failTokens: optional(unknown()),
  expireTokens: optional(unknown()),
});
const list = array(unknown());

/** Three working clients of four expect 200; the others are Huawei's, all or some of the tokens taken. */
const SUCCESS = ['200', '80000000', '80100000'];
/** Authentication error, access token expired, JWT expired; the last three are Huawei's. */
const ACCESS_REFUSED = ['401', '80200001', '80200003', '80200005'];
/** Says less than its words. */
const GENERAL = ['400', '404'];
/** Statuses that say all, whatever the body. */
const CLEAR_STATUSES = [401, 403, 429];

const ACCESS_WORDS = /access.?token|authori[sz]ation|unauthori[sz]ed/i;
const FLOW_WORDS = /flow|frequen|limit|too many requests/i;
const SIZE_WORDS = /length|size|bytes?\b|character|too long|number|count/i;
const TOKEN_WORDS = /token/i;
const INVALID_WORDS = /invalid|illegal|expire|unregister|not.?exist|not.?found/i;

/** What a request for several tokens, or one, came to. */
export function readAnswer(
  result: HttpResult,
  sent: { readonly tokens: readonly string[]; readonly secrets: readonly string[] },
  now: EpochMs,
): HonorAnswer {
  if (result.kind !== 'response') {
    return forAll(outcomeWithoutAnswer(result));
  }
  const { status } = result;
  const retryAfterMs = retryAfterMsOf(result.headers['retry-after'], now);
  const answer = safeParse(answerSchema, jsonOf(result.body));
  const code = answer.success ? String(answer.output.code) : '';
  const isClear = status >= 500 || CLEAR_STATUSES.includes(status);
  const isUnreadable = !/^\d{1,10}$/.test(code) || (status >= 300 && SUCCESS.includes(code));
  if (!answer.success || isClear || isUnreadable) {
    return forAll(outcomeOfStatus(status, retryAfterMs), status === 401);
  }
  const secrets = [...sent.tokens, ...sent.secrets];
  const { message, data } = answer.output;
  if (SUCCESS.includes(code)) {
    return readLists(code, data, secrets);
  }
  const words = safeWords(typeof message === 'string' ? message : '', secrets);
  const isKnown = Object.hasOwn(errors, code) && !GENERAL.includes(code);
  if (ACCESS_REFUSED.includes(code) || (!isKnown && ACCESS_WORDS.test(words))) {
    return forAll(
      { kind: 'unauthorized', reason: { code, text: words || 'access token refused' } },
      true,
    );
  }
  const row = isKnown ? code : (rowOfWords(words) ?? code);
  const outcome = withWords(outcomeOf(errors, row, words, retryAfterMs), words);
  return forAll(forTheseTokens(withCode(outcome, code), sent.tokens.length));
}

function rowOfWords(words: string): string | undefined {
  if (FLOW_WORDS.test(words) && !SIZE_WORDS.test(words)) {
    return 'flow-words';
  }
  return TOKEN_WORDS.test(words) && INVALID_WORDS.test(words) ? 'token-words' : undefined;
}

function withCode(outcome: SendOutcome, code: string): SendOutcome {
  return outcome.kind === 'accepted'
    ? outcome
    : { ...outcome, reason: { ...outcome.reason, code } };
}

/** Which of several tokens is meant, nobody knows: none is forgotten, and they come again in smaller requests. */
function forTheseTokens(outcome: SendOutcome, tokens: number): SendOutcome {
  return outcome.kind === 'token-invalid' && tokens > 1
    ? { kind: 'misconfigured', reason: outcome.reason }
    : outcome;
}

function outcomeOfStatus(status: number, retryAfterMs: number | undefined): SendOutcome {
  const code = `http-${status}`;
  const text = `HTTP ${status}`;
  return status >= 500 && errors[code] === undefined
    ? {
        kind: 'unavailable',
        reason: { code, text },
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }
    : outcomeOf(errors, code, `${text} and an answer that cannot be read`, retryAfterMs);
}

function readLists(code: string, data: unknown, secrets: readonly string[]): HonorAnswer {
  const told = is(dataSchema, data) ? data : {};
  const expired = new Set(is(list, told.expireTokens) ? told.expireTokens : []);
  const failed = new Set(is(list, told.failTokens) ? told.failTokens : []);
  const id = typeof told.requestId === 'string' ? safeWords(told.requestId, secrets) : '';
  const isUnsaid = code === '80100000' && expired.size + failed.size === 0;
  const others: SendOutcome =
    told.sendResult === false || isUnsaid
      ? unmapped(isUnsaid ? code : 'sendResult', 'not sent, and not said why')
      : { kind: 'accepted', ...(id === '' ? {} : { receiptId: id }) };
  return {
    isAccessRefused: false,
    outcomeOf(token) {
      if (expired.has(token)) return outcomeOf(errors, 'expireTokens', '');
      return failed.has(token) ? unmapped('failTokens', 'sending to this token failed') : others;
    },
  };
}

function unmapped(code: string, text: string): SendOutcome {
  return { kind: 'unavailable', reason: { code, text, unmapped: true } };
}
