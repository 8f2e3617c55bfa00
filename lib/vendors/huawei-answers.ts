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
import { jsonOf } from '../model/json-of';
import type { SendOutcome } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import type { HttpResult } from '../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from './outcomes';
import type { ErrorTable } from './vendor';

/** A request that was sent, for reading its answer. */
export interface SentTokens {
  readonly tokens: readonly string[];
  /** Words no outcome may hold, tokens aside. */
  readonly secrets: readonly string[];
  readonly errors: ErrorTable;
  /** Some token of the certificate was accepted before, so the certificate is right. */
  readonly isProven: boolean;
}

/** What an answer means. */
export interface HuaweiAnswer {
  outcomeOf(token: string): SendOutcome;
  /** The access token was refused: with another one the request may pass. */
  readonly isAccessRefused: boolean;
}

const SUCCESS = '80000000';
const SOME_FAILED = '80100000';
const ALL_FAILED = '80300007';
const TOO_MANY_TOKENS = '80300010';
/** Authentication error, access token expired, JWT expired. */
const ACCESS_REFUSED = ['80200001', '80200003', '80200005'];

const answerSchema = looseObject({
  code: union([number(), string()]),
  msg: optional(unknown()),
  requestId: optional(unknown()),
});

/**
 * Reads an answer of `messages:send`, v1 to v3: developer.huawei.com, HMSCore-References/https-send-api-0000001050986197
 * (2025-08) and harmonyos-references/push-scenariozed-api-response (2026). Codes come with HTTP 200, 400, 401 and 500 alike.
 */
export function readAnswer(result: HttpResult, sent: SentTokens, now: EpochMs): HuaweiAnswer {
  if (result.kind !== 'response') {
    return forAll(outcomeWithoutAnswer(result));
  }
  const { status, headers } = result;
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], now);
  const answer = safeParse(answerSchema, jsonOf(result.body));
  const code = answer.success ? String(answer.output.code) : '';
  // no broken server is believed that it has sent anything; 503 is the rate, whatever the body says
  const isDoubtful = status >= 500 && [SUCCESS, SOME_FAILED].includes(code);
  const isUnreadable = !/^\d{1,10}$/.test(code) || isDoubtful;
  if (!answer.success || isUnreadable || status === 503) {
    return forAll(outcomeOfStatus(status, sent.errors, retryAfterMs), status === 401);
  }
  const { msg, requestId } = answer.output;
  const secrets = [...sent.tokens, ...sent.secrets];
  const accepted: SendOutcome =
    typeof requestId === 'string' && requestId !== ''
      ? { kind: 'accepted', receiptId: safeWords(requestId, secrets) }
      : { kind: 'accepted' };
  if (code === SUCCESS) {
    return forAll(accepted);
  }
  if (code === SOME_FAILED || code === ALL_FAILED) {
    return readFailures(code, failuresIn(msg), accepted, sent);
  }
  const words = safeWords(typeof msg === 'string' ? msg : '', secrets);
  const outcome = withWords(outcomeOf(sent.errors, code, words, retryAfterMs), words);
  const isAccessRefused =
    ACCESS_REFUSED.includes(code) || (status === 401 && sent.errors[code] === undefined);
  return forAll(
    code === TOO_MANY_TOKENS && sent.tokens.length > 1 ? inSmallerRequests(outcome) : outcome,
    isAccessRefused,
  );
}

/** An answer that means the same for every token. */
export function forAll(outcome: SendOutcome, isAccessRefused = false): HuaweiAnswer {
  return { outcomeOf: () => outcome, isAccessRefused };
}

/** What is called unmapped is tried again in ever smaller requests, and alarmed: the limit we know is not Huawei's any more. */
function inSmallerRequests(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'rejected'
    ? { kind: 'unavailable', reason: { ...outcome.reason, unmapped: true } }
    : outcome;
}

function outcomeOfStatus(
  status: number,
  errors: ErrorTable,
  retryAfterMs: number | undefined,
): SendOutcome {
  const code = `http-${status}`;
  const text = `HTTP ${status} without a code`;
  return status >= 500 && errors[code] === undefined
    ? {
        kind: 'unavailable',
        reason: { code, text },
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }
    : outcomeOf(errors, code, text, retryAfterMs);
}

function readFailures(
  code: string,
  failures: ReadonlyMap<string, string>,
  accepted: SendOutcome,
  sent: SentTokens,
): HuaweiAnswer {
  const { tokens, errors } = sent;
  const failed = new Set(code === ALL_FAILED ? tokens : tokens.filter((one) => failures.has(one)));
  if (failed.size === 0) {
    const text = 'some tokens failed, but not said which';
    return forAll({ kind: 'unavailable', reason: { code, text, unmapped: true } });
  }
  const areAll = failed.size === tokens.length;
  const outcomeOfFailed = (reason: string): SendOutcome => {
    if (reason === '') {
      return areAll && tokens.length > 1
        ? { kind: 'misconfigured', reason: { code, text: ALL_IN_VAIN } }
        : outcomeOf(errors, code, '');
    }
    if (!Object.hasOwn(errors, reason)) {
      const text = safeWords(`unknown reason ${reason}`, [...tokens, ...sent.secrets]);
      return { kind: 'unavailable', reason: { code, text, unmapped: true } };
    }
    // a token of another project, or the certificate of another project
    return reason === 'noRight' && areAll && !sent.isProven
      ? { kind: 'misconfigured', reason: { code: reason, text: ALL_IN_VAIN } }
      : outcomeOf(errors, reason, '');
  };
  return {
    ...forAll(accepted),
    outcomeOf: (token) =>
      failed.has(token) ? outcomeOfFailed(failures.get(token) ?? '') : accepted,
  };
}

/** With more than one token in vain it may be the app that is wrong, not they; tried again they go in ever smaller requests. */
const ALL_IN_VAIN = 'no token was accepted: is it the app these tokens belong to?';

const failureLists = looseObject({
  illegal_tokens: optional(unknown()),
  illegalTokens: optional(unknown()),
});
const list = array(unknown());
const reasons = looseObject({});

/**
 * Failed token → reason, '' where none is given. `msg` is JSON in a string: `illegal_tokens` is a list (v1, v2),
 * `illegalTokens` an object of reason → tokens (v3); both spellings are read in both shapes.
 */
function failuresIn(msg: unknown): ReadonlyMap<string, string> {
  const failures = new Map<string, string>();
  const add = (tokens: unknown, reason: string) => {
    for (const token of is(list, tokens) ? tokens : [tokens]) {
      if (typeof token === 'string' && !failures.has(token)) {
        failures.set(token, reason);
      }
    }
  };
  const told = typeof msg === 'string' ? jsonOf(msg) : msg;
  for (const named of is(failureLists, told) ? [told.illegalTokens, told.illegal_tokens] : []) {
    if (is(list, named)) {
      add(named, '');
    } else if (is(reasons, named)) {
      for (const [reason, tokens] of Object.entries(named)) {
        add(tokens, reason);
      }
    }
  }
  return failures;
}
