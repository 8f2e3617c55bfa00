import type { Lane } from '../model/push-job';
import { type EpochMs, SECOND_MS } from '../model/time';

/**
 * However much waits: where the limit grows, or somebody's share does, it is used within so long. Chat is asked after more often: its
 * batches are small, so that few are turned away again, and nothing lies about when the last of them are sent.
 */
export const MAX_PAUSE_MS: Readonly<Record<Lane, number>> = {
  direct: 10 * SECOND_MS,
  bulk: 30 * SECOND_MS,
};
/** What takes longer to come back than the queue takes to hand it out is no pause. */
export const MIN_PAUSE_MS = SECOND_MS;
/** So many come back for each credit there will be: some are turned away again, but no credit finds nobody. */
const CREDIT_FACTOR = 1.3;
/** How far back the rate is measured, and from how much at least. */
const MEASURED_SECONDS = 10;
const LEAST_MEASURED_SECONDS = 2;
/** A container that was given no credit takes it that it will get so much of the limit. */
const LEAST_SHARE = 0.2;
/** What expires soon is tried once more in the middle of what is left of its life. */
const LIFE_SHARE = 0.5;

/** A job that finds no credit. */
export interface TurnedAway {
  /** What it would use of the vendor's count. */
  readonly units: number;
  /** When the first of it expires. */
  readonly expiresAt: EpochMs;
  /** The certificate's whole limit. */
  readonly ratePerSecond: number;
  /** 0..1 */
  readonly jitter: number;
}

/**
 * For how long jobs of one certificate stay in the queue when there is no credit for them. Each is given a moment after those that
 * this container turned away before, as fast as it has been sending lately: so they come back about as fast as credit
 * does, most of them once, and the senders neither run dry nor ask again and again.
 */
export interface FlowPause {
  /** A job of so many units is being sent. */
  passed(units: number, now: EpochMs): void;
  /** Milliseconds until the job should be tried again. */
  turnedAway(job: TurnedAway, now: EpochMs): number;
}

export function createFlowPause(lane: Lane): FlowPause {
  const maxPauseMs = MAX_PAUSE_MS[lane];
  /** Units by the second they were sent in. */
  const sent = new Map<number, number>();
  /** Units by the second in which they come back. */
  const away = new Map<number, number>();
  let beganAt: EpochMs | undefined;
  /** Up to then every moment has been given. */
  let givenTo = Number.NEGATIVE_INFINITY;

  /** Units a millisecond of which this container is likely to have credits. */
  function pace(ratePerSecond: number, now: EpochMs): number {
    const since = secondOf(now) - MEASURED_SECONDS;
    forget(sent, since);
    const measuredMs = Math.min(now - (since + 1) * SECOND_MS, now - (beganAt ?? now));
    const own = sum(sent) / Math.max(measuredMs, LEAST_MEASURED_SECONDS * SECOND_MS);
    return CREDIT_FACTOR * Math.max(own, (LEAST_SHARE * ratePerSecond) / SECOND_MS);
  }

  return {
    passed(units, now) {
      beganAt ??= now;
      add(sent, secondOf(now), units);
    },

    turnedAway({ units, expiresAt, ratePerSecond, jitter }, now) {
      beganAt ??= now;
      forget(away, secondOf(now));
      const unitsPerMs = pace(ratePerSecond, now);
      // those who came back and were turned away again must not be waited for twice
      const allMs = (sum(away) + units) / unitsPerMs;
      givenTo = Math.min(Math.max(givenTo, now) + units / unitsPerMs, now + allMs);
      const ownMs = givenTo - now;
      const pauseMs = ownMs < maxPauseMs ? ownMs : (maxPauseMs * (1 + jitter)) / 2;
      givenTo = Math.min(givenTo, now + maxPauseMs);
      const kept = Math.max(MIN_PAUSE_MS, Math.min(pauseMs, (expiresAt - now) * LIFE_SHARE));
      add(away, secondOf(now + kept), units);
      return kept;
    },
  };
}

function secondOf(at: EpochMs): number {
  return Math.floor(at / SECOND_MS);
}

function add(counts: Map<number, number>, second: number, units: number): void {
  counts.set(second, (counts.get(second) ?? 0) + units);
}

/** Drops what was counted up to this second. */
function forget(counts: Map<number, number>, second: number): void {
  for (const counted of counts.keys()) if (counted <= second) counts.delete(counted);
}

function sum(counts: ReadonlyMap<number, number>): number {
  let all = 0;
  for (const units of counts.values()) all += units;
  return all;
}
