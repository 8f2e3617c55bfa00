import { is, looseObject, optional, safeParse, unknown } from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { errors } from './errors';

const SUCCESS = '0';
/** One client takes 10000 for wrong parameters and 10001 for the token, all others 10000 for the token. */
const AUTH_REFUSED = ['10000', '10001'];
const WORDS_REFUSED = ['10085', '10104'];
const OUTSIDE_HOURS = '10071';
const NO_MORE_BODIES = '10252';
const BODY_ERROR = /^1020[0-7]$/;

const answerSchema = looseObject({
  result: unknown(),
  desc: optional(unknown()),
  taskId: optional(unknown()),
  authToken: optional(unknown()),
  invalidUser: optional(unknown()),
  invalidUsers: optional(unknown()),
});

/** A request that was sent, for reading its answer. */
export interface Sent {
  readonly tokens: readonly string[];
  /** Words no outcome may hold, tokens aside. */
  readonly secrets: readonly string[];
}

/** What an answer means. */
export interface VivoAnswer {
  outcomeOf(token: string): SendOutcome;
  readonly taskId?: string;
  readonly authToken?: string;
  /** The auth token was refused: with another one the request may pass. */
  readonly isAccessRefused: boolean;
  /** The same in other words may pass. */
  readonly areWordsRefused: boolean;
  /** The saved body is none, or none for this request. */
  readonly isBodyRefused: boolean;
  /** Today no more bodies can be saved. */
  readonly isOutOfBodies: boolean;
}

/** An answer that means the same for every token. */
export function forAll(outcome: SendOutcome, code = ''): VivoAnswer {
  return {
    outcomeOf: () => outcome,
    isAccessRefused: AUTH_REFUSED.includes(code),
    areWordsRefused: WORDS_REFUSED.includes(code),
    isBodyRefused: BODY_ERROR.test(code),
    isOutOfBodies: code === NO_MORE_BODIES,
  };
}

/** Reads any answer of vivo's. Results come with any HTTP status; success only with one that says so too. */
export function readAnswer(result: HttpResult, sent: Sent, now: EpochMs): VivoAnswer {
  if (result.kind !== 'response') {
    return forAll(outcomeWithoutAnswer(result));
  }
  const { status, headers, body } = result;
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], now);
  const read = safeParse(answerSchema, jsonOf(body));
  const code = read.success ? codeOf(read.output.result) : undefined;
  const isGood = status >= 200 && status < 300;
  if (!read.success || code === undefined || (code === SUCCESS && !isGood)) {
    return forAll(outcomeOfStatus(status, retryAfterMs));
  }
  const { taskId, authToken, desc, invalidUser, invalidUsers } = read.output;
  const invalid = statusesIn([invalidUser, invalidUsers].flat(), sent.tokens);
  const secrets = [...sent.tokens, ...sent.secrets];
  if (code === SUCCESS) {
    const id = textOf(taskId);
    const accepted: SendOutcome =
      id === undefined
        ? { kind: 'accepted' }
        : { kind: 'accepted', receiptId: safeWords(id, secrets) };
    const token = textOf(authToken);
    return {
      ...forAll(accepted),
      outcomeOf: (one) => outcomeOfStatusCode(invalid.get(one)) ?? accepted,
      ...(id === undefined ? {} : { taskId: id }),
      ...(token === undefined ? {} : { authToken: token }),
    };
  }
  const words = safeWords(textOf(desc) ?? '', secrets);
  const waitMs = code === OUTSIDE_HOURS ? msUntilSeven(now) : retryAfterMs;
  const outcome = withWords(outcomeOf(errors, code, words, waitMs), words);
  return { ...forAll(outcome, code), outcomeOf: refusalFor(outcome, invalid, sent.tokens) };
}

function codeOf(code: unknown): string | undefined {
  const isCode = typeof code === 'number' || typeof code === 'string';
  return isCode && /^-?\d{1,9}$/.test(String(code)) ? String(code) : undefined;
}

function textOf(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
    ? String(value)
    : undefined;
}

function outcomeOfStatus(status: number, retryAfterMs: number | undefined): SendOutcome {
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

/** What a refused request means for each token: where vivo names the bad ones, or could mean any of several. */
function refusalFor(
  outcome: SendOutcome,
  invalid: ReadonlyMap<string, string>,
  tokens: readonly string[],
): (token: string) => SendOutcome {
  const isTokens =
    outcome.kind === 'token-invalid' || (outcome.kind !== 'accepted' && outcome.reason.unmapped);
  if (!isTokens) {
    return () => outcome;
  }
  // which of several tokens is meant, nobody knows: none is forgotten
  const others: SendOutcome =
    outcome.kind === 'token-invalid' && tokens.length > 1
      ? { kind: 'unavailable', reason: { ...outcome.reason, unmapped: true } }
      : outcome;
  return (token) => outcomeOfStatusCode(invalid.get(token)) ?? others;
}

const userSchema = looseObject({ status: unknown(), userid: optional(unknown()) });

/** Token → `status`. A single push names one user in `invalidUser`, a list several in `invalidUsers`; both are read in both. */
function statusesIn(users: readonly unknown[], tokens: readonly string[]): Map<string, string> {
  const statuses = new Map<string, string>();
  for (const user of users) {
    if (is(userSchema, user)) {
      const status = codeOf(user.status);
      // nobody else can be meant where there is but one
      const token = tokens.length === 1 ? tokens[0] : textOf(user.userid);
      if (status !== undefined && token !== undefined) {
        statuses.set(token, status);
      }
    }
  }
  return statuses;
}

function outcomeOfStatusCode(status: string | undefined): SendOutcome | undefined {
  return status === undefined
    ? undefined
    : outcomeOf(errors, `user-${status}`, `invalid user of status ${status}`);
}

const CHINA_AHEAD_MS = 8 * 60 * MINUTE_MS;
const SEVEN_MS = 7 * 60 * MINUTE_MS;

/** Operational messages may be sent from 7:00 in China. */
function msUntilSeven(now: EpochMs): number {
  const sinceSevenMs = (now + CHINA_AHEAD_MS - SEVEN_MS) % DAY_MS;
  return DAY_MS - sinceSevenMs;
}

/** When the day ends in China. */
export function endOfDayInChina(now: EpochMs): EpochMs {
  return now + DAY_MS - ((now + CHINA_AHEAD_MS) % DAY_MS);
}
