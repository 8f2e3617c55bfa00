import { is, looseObject, number, optional, string, unknown } from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';
import { outcomeOf, retryAfterMsOf, safeWords } from '../outcomes';
import { errors } from './errors';

/** Where development builds get their pushes; a token belongs to one of the two environments. */
export const SANDBOX_ENDPOINT = 'https://api.sandbox.push.apple.com';

const answerSchema = looseObject({ reason: string(), timestamp: optional(unknown()) });
const REASON = /^[A-Za-z]{1,60}$/;

type Response = Extract<HttpResult, { kind: 'response' }>;

/** Apple's `reason` in an answer, where it has one that can be read. */
export function reasonOf({ status, body }: Response): string | undefined {
  const answer = status === 200 ? undefined : jsonOf(body);
  return is(answerSchema, answer) && REASON.test(answer.reason) ? answer.reason : undefined;
}

/**
 * The outcome of an answer. `isProven`: the certificate's environment and topic are right, since a token of it was accepted;
 * until then a token of the wrong kind may as well be a certificate of the wrong kind.
 */
export function readResponse(
  response: Response,
  sent: { readonly secrets: readonly string[]; readonly isProven: boolean },
  now: EpochMs,
): SendOutcome {
  const { status, headers } = response;
  if (status === 200) {
    const id = safeWords(headers['apns-id'] ?? '', sent.secrets);
    return id === '' ? { kind: 'accepted' } : { kind: 'accepted', receiptId: id };
  }
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], now);
  const reason = reasonOf(response);
  if (reason === undefined || errors[reason] === undefined) {
    return outcomeOfStatus(status, reason, retryAfterMs);
  }
  const outcome = outcomeOf(errors, reason, '', retryAfterMs);
  if (outcome.kind !== 'token-invalid') {
    return outcome;
  }
  if (status === 410) {
    const since = sinceOf(response.body);
    return since === undefined ? outcome : { ...outcome, since };
  }
  return sent.isProven ? outcome : { kind: 'misconfigured', reason: outcome.reason };
}

/** A reason of the future goes by its status, and is alarmed. */
function outcomeOfStatus(
  status: number,
  reason: string | undefined,
  retryAfterMs: number | undefined,
): SendOutcome {
  const code = `http-${status}`;
  if (status >= 500) {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    const told = { code: reason ?? code, text: `HTTP ${status}` };
    return { kind: 'unavailable', reason: told, ...wait };
  }
  const outcome = outcomeOf(errors, code, `HTTP ${status} without a known reason`, retryAfterMs);
  if (reason === undefined || outcome.kind === 'accepted') {
    return outcome;
  }
  return { ...outcome, reason: { code: reason, text: `HTTP ${status}`, unmapped: true } };
}

/** Values below this are seconds, in case Apple's milliseconds are not everywhere. */
const SMALLEST_MS = 1e11;

function sinceOf(body: string): EpochMs | undefined {
  const answer = jsonOf(body);
  const timestamp = is(answerSchema, answer) ? answer.timestamp : undefined;
  if (!is(number(), timestamp) || !Number.isSafeInteger(timestamp) || timestamp <= 0) {
    return undefined;
  }
  return timestamp < SMALLEST_MS ? timestamp * SECOND_MS : timestamp;
}
