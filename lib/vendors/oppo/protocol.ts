import { array, looseObject, optional, pipe, regex, safeParse, string, unknown } from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import type { EpochMs } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { errors } from './errors';

/** https://open.oppomobile.com/new/developmentDoc/info?id=11235 (checked 2026-11-24). */
const SUCCESS = '0';
const AUTH_TOKEN_INVALID = '11';
/** The app_message_id was sent to this phone before: an earlier try was accepted. */
const DUPLICATE = '32';
const ARGUMENT_INVALID = '41';
/** Codes of single interfaces, to be logged and not tried again. */
const BUSINESS_CODES = { from: 10_000, to: 20_000 };

const envelopeSchema = looseObject({
  code: unknown(),
  message: optional(unknown()),
  data: optional(unknown()),
});

/** What any of OPPO's interfaces answers. */
export type Envelope =
  | { readonly kind: 'success'; readonly data: unknown }
  | {
      readonly kind: 'refused';
      readonly outcome: SendOutcome;
      readonly code?: string;
      /** OPPO's own, as they came. */
      readonly words?: string;
    };

/** Reads `{code, message, data}`. Codes come with any HTTP status; success only with one that says so too. */
export function readEnvelope(
  result: HttpResult,
  secrets: readonly string[],
  now: EpochMs,
): Envelope {
  if (result.kind !== 'response') {
    return { kind: 'refused', outcome: outcomeWithoutAnswer(result) };
  }
  const { status, headers, body } = result;
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], now);
  const read = safeParse(envelopeSchema, jsonOf(body));
  const code = read.success ? codeOf(read.output.code) : undefined;
  const isGood = status >= 200 && status < 300;
  if (!read.success || code === undefined || (code === SUCCESS && !isGood)) {
    return { kind: 'refused', outcome: outcomeOfStatus(status, retryAfterMs) };
  }
  const { data, message } = read.output;
  if (code === SUCCESS) {
    // one published sample has JSON in a string here
    return { kind: 'success', data: typeof data === 'string' ? jsonOf(data) : data };
  }
  const words = typeof message === 'string' ? message : '';
  const outcome = refusal(code, safeWords(words, secrets), retryAfterMs);
  return { kind: 'refused', outcome, code, words };
}

function codeOf(code: unknown): string | undefined {
  const isCode = typeof code === 'number' || typeof code === 'string';
  return isCode && /^-?\d{1,9}$/.test(String(code)) ? String(code) : undefined;
}

function outcomeOfStatus(status: number, retryAfterMs: number | undefined): SendOutcome {
  const code = `http-${status}`;
  const text = `HTTP ${status} without a code`;
  return status >= 500
    ? {
        kind: 'unavailable',
        reason: { code, text },
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }
    : outcomeOf(errors, code, text, retryAfterMs);
}

function refusal(code: string, safe: string, retryAfterMs?: number): SendOutcome {
  const outcome = withWords(outcomeOf(errors, code, safe, retryAfterMs), safe);
  const isBusiness = Number(code) >= BUSINESS_CODES.from && Number(code) <= BUSINESS_CODES.to;
  return outcome.kind === 'unavailable' && outcome.reason.unmapped && isBusiness
    ? { kind: 'rejected', reason: outcome.reason }
    : outcome;
}

/** A request that was sent, for reading its answer. */
export interface SentMessage {
  readonly tokens: readonly string[];
  /** Words no outcome may hold, tokens aside. */
  readonly secrets: readonly string[];
}

/** What an answer means. */
export interface OppoAnswer {
  outcomeOf(token: string): SendOutcome;
  /** The auth token was refused: with another one the request may pass. */
  readonly isAccessRefused: boolean;
}

/** Reads the answer to a unicast, for one token, or to a batch of them, for several. */
export function readAnswer(result: HttpResult, sent: SentMessage, now: EpochMs): OppoAnswer {
  const secrets = [...sent.tokens, ...sent.secrets];
  const envelope = readEnvelope(result, secrets, now);
  if (envelope.kind === 'success') {
    return sent.tokens.length === 1
      ? forAll(accepted(envelope.data, secrets))
      : readElements(envelope.data, sent);
  }
  const { code, words = '', outcome } = envelope;
  if (code === undefined) {
    return forAll(outcome);
  }
  const isAccessRefused = code === AUTH_TOKEN_INVALID;
  return sent.tokens.length === 1
    ? forAll(aboutToken(code, words, outcome), isAccessRefused)
    : forAll(aboutMany(code, outcome), isAccessRefused);
}

/** An answer that means the same for every token. */
export function forAll(outcome: SendOutcome, isAccessRefused = false): OppoAnswer {
  return { outcomeOf: () => outcome, isAccessRefused };
}

/** What a code means where it is said of one phone. */
function aboutToken(code: string, words: string, outcome: SendOutcome): SendOutcome {
  if (code === DUPLICATE) {
    return { kind: 'accepted' };
  }
  return code === ARGUMENT_INVALID && NAMES_THE_TOKEN.test(words)
    ? { kind: 'token-invalid', reason: { code, text: 'argument invalid: the registration id' } }
    : outcome;
}

const NAMES_THE_TOKEN = /registration[\s_-]?id/i;

/** What a code means that is said of a whole batch: where it may be one phone's, all are tried again, in smaller batches. */
function aboutMany(code: string, outcome: SendOutcome): SendOutcome {
  const isOnes = [DUPLICATE, ARGUMENT_INVALID].includes(code) || outcome.kind === 'token-invalid';
  return isOnes && outcome.kind !== 'accepted'
    ? { kind: 'unavailable', reason: { ...outcome.reason, unmapped: true } }
    : outcome;
}

/** `<AppID>-1-1-<unique>`; whatever else stands there is no id, and might be anything. */
const acceptedSchema = looseObject({ messageId: pipe(string(), regex(/^[\w-]{1,100}$/)) });

function accepted(data: unknown, secrets: readonly string[]): SendOutcome {
  const read = safeParse(acceptedSchema, data);
  return read.success
    ? { kind: 'accepted', receiptId: safeWords(read.output.messageId, secrets) }
    : { kind: 'accepted' };
}

const list = array(unknown());
const elementSchema = looseObject({
  registrationId: string(),
  errorCode: optional(unknown(), SUCCESS),
  errorMessage: optional(unknown()),
});

/** https://open.oppomobile.com/new/developmentDoc/info?id=11238: elements name their token, and need not come in order. */
function readElements(data: unknown, sent: SentMessage): OppoAnswer {
  const elements = safeParse(list, data);
  const scrub = scrubberOf([...sent.tokens, ...sent.secrets]);
  const outcomes = new Map<string, SendOutcome>();
  for (const one of elements.success ? elements.output : []) {
    const read = safeParse(elementSchema, one);
    if (read.success) {
      const { registrationId: token, errorCode, errorMessage } = read.output;
      const own = [token, ...sent.secrets];
      const words = typeof errorMessage === 'string' ? scrub(safeWords(errorMessage, own)) : '';
      const code = errorCode === null ? SUCCESS : codeOf(errorCode);
      outcomes.set(token, code === SUCCESS ? accepted(one, own) : outcomeOfElement(code, words));
    }
  }
  return { ...forAll(NOT_NAMED), outcomeOf: (token) => outcomes.get(token) ?? NOT_NAMED };
}

/** A thousand tokens are looked for once in what is said of a thousand. */
function scrubberOf(secrets: readonly string[]): (words: string) => string {
  const known = new Map<string, string>();
  return (words) => {
    const safe = known.get(words) ?? safeWords(words, secrets);
    known.set(words, safe);
    return safe;
  };
}

function outcomeOfElement(code: string | undefined, words: string): SendOutcome {
  return code === undefined ? NOT_NAMED : aboutToken(code, words, refusal(code, words));
}

/** Sent again it is shown once, by its app_message_id. */
const NOT_NAMED: SendOutcome = {
  kind: 'unavailable',
  reason: { code: 'no-outcome', text: 'the answer says nothing of this token', unmapped: true },
};
