import type { PushTarget } from '../model/push-job';
import type { SendOutcome } from '../model/send-outcome';
import { type EpochMs, MINUTE_MS } from '../model/time';
import { backoffMs, MAX_BACKOFF_MS } from './backoff';

/** Sends that may end in a refusal only a person can mend, before the target is dead-lettered. */
export const MAX_ATTEMPTS = 5;

/** A certificate whose every message would be refused the same way rests for so long, then one is tried again. */
export const REST_MS = 5 * MINUTE_MS;

/** The code of a throttling that is our own: nothing was sent, so no retry is counted. */
export const FLOW_CONTROL_CODE = 'flow-control';

/** What to do with a target after a send. */
export type NextStep =
  | { readonly do: 'finish' }
  | { readonly do: 'forget-token' }
  /** Why, where the outcome itself does not say it: it would have had to wait beyond its life. */
  | { readonly do: 'drop'; readonly as?: 'expired' }
  /** The vendor takes no more of its class today: to be dealt with as what finds no quota before it is sent. */
  | { readonly do: 'without-quota' }
  | { readonly do: 'retry'; readonly afterMs: number; readonly target: PushTarget }
  | { readonly do: 'dead-letter' };

interface SendContext {
  readonly now: EpochMs;
  readonly expiresAt: EpochMs;
  /** 0..1, so that targets that failed together do not return together. */
  readonly jitter: number;
}

/** Throttled and unavailable targets are tried until they expire; what a person must mend, a few times. */
export function afterSend(
  outcome: SendOutcome,
  target: PushTarget,
  context: SendContext,
): NextStep {
  switch (outcome.kind) {
    case 'accepted':
      return { do: 'finish' };
    case 'token-invalid':
      return { do: 'forget-token' };
    case 'rejected':
      return { do: 'drop' };
    case 'throttled':
      return afterThrottling(outcome, target, context);
    case 'unavailable':
      return outcome.reason.unmapped
        ? boundedRetry(target, outcome.retryAfterMs, context)
        : retry(triedOnce(target), unavailableMs(target, outcome.retryAfterMs, context), context);
    case 'misconfigured':
      // waiting for a person to change a setting that stops everything is no attempt
      return outcome.pauses
        ? retry(target, REST_MS * (1 + context.jitter / 10), context)
        : boundedRetry(target, undefined, context);
    case 'unauthorized':
      return boundedRetry(target, undefined, context);
  }
}

function afterThrottling(
  outcome: Extract<SendOutcome, { kind: 'throttled' }>,
  target: PushTarget,
  context: SendContext,
): NextStep {
  if (outcome.scope === 'day') {
    return { do: 'without-quota' };
  }
  const isOurs = outcome.reason.code === FLOW_CONTROL_CODE;
  const ownMs = backoffMs(isOurs ? 1 : retriesOf(target) + 1, context.jitter);
  const afterMs = Math.min(outcome.retryAfterMs ?? ownMs, MAX_BACKOFF_MS);
  return retry(isOurs ? target : triedOnce(target), afterMs, context);
}

function boundedRetry(
  target: PushTarget,
  retryAfterMs: number | undefined,
  context: SendContext,
): NextStep {
  const attempts = (target.attempts ?? 0) + 1;
  return attempts >= MAX_ATTEMPTS
    ? { do: 'dead-letter' }
    : retry(
        { ...triedOnce(target), attempts },
        unavailableMs(target, retryAfterMs, context),
        context,
      );
}

/** A vendor may ask for more patience than our own back-off has, not for less. */
function unavailableMs(target: PushTarget, retryAfterMs = 0, { jitter }: SendContext): number {
  return Math.max(backoffMs(retriesOf(target), jitter), Math.min(retryAfterMs, MAX_BACKOFF_MS));
}

function retry(target: PushTarget, afterMs: number, { now, expiresAt }: SendContext): NextStep {
  return now + afterMs < expiresAt
    ? { do: 'retry', afterMs, target }
    : { do: 'drop', as: 'expired' };
}

function retriesOf(target: PushTarget): number {
  return target.retries ?? 0;
}

function triedOnce(target: PushTarget): PushTarget {
  return { ...target, retries: retriesOf(target) + 1 };
}
