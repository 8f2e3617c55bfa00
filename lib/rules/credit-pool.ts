import type { EpochMs } from '../model/time';

/** A strict vendor counts every request it got in the last second, wherever that second begins. */
export const WINDOW_MS = 1_000;

/** Credits in use by one request. */
export type Credits = readonly Credit[];

interface Credit {
  readonly lane: number;
  /** Which lease of the lane it came from: one of an earlier lease does not come back. */
  readonly term: number;
}

/**
 * Acknowledged credits: a credit may be used again one window after the *answer* to its last use. The
 * request arrived before its answer, the next one leaves a window later, so two arrivals are never closer
 * than the window, whatever clocks, stalls or routes do. Times are one container's own monotonic milliseconds.
 */
export interface CreditPool {
  /** Adds a leased lane; its credits become ready one by one over the first window. */
  addLane(lane: number, credits: number, now: EpochMs): void;
  /** Drops a lane; its credits still in use do not come back. */
  dropLane(lane: number): void;
  lanes(): readonly number[];
  /** Takes `weight` ready credits, all or nothing. */
  take(weight: number, now: EpochMs): Credits | undefined;
  /** To be called when the answer, or the time-out, is in. */
  giveBack(credits: Credits, now: EpochMs): void;
  /** When `weight` credits will be ready; undefined if that many are not held or not back yet. */
  readyAt(weight: number): EpochMs | undefined;
}

interface Cooling extends Credit {
  readonly readyAt: EpochMs;
}

export function createCreditPool(): CreditPool {
  const terms = new Map<number, number>();
  let lastTerm = 0;
  /** Sorted by `readyAt`. */
  let cooling: Cooling[] = [];

  function insert(credit: Cooling): void {
    let at = cooling.length;
    while (at > 0 && (cooling[at - 1]?.readyAt ?? 0) > credit.readyAt) at--;
    cooling.splice(at, 0, credit);
  }

  return {
    addLane(lane, credits, now) {
      if (terms.has(lane)) return;
      const term = ++lastTerm;
      terms.set(lane, term);
      for (let index = 0; index < credits; index++) {
        insert({ lane, term, readyAt: now + (index * WINDOW_MS) / credits });
      }
    },

    dropLane(lane) {
      terms.delete(lane);
      cooling = cooling.filter((credit) => credit.lane !== lane);
    },

    lanes: () => [...terms.keys()],

    take(weight, now) {
      const last = cooling[weight - 1];
      if (last === undefined || last.readyAt > now) return undefined;
      return cooling.splice(0, weight).map(({ lane, term }) => ({ lane, term }));
    },

    giveBack(credits, now) {
      for (const credit of credits) {
        if (terms.get(credit.lane) === credit.term) {
          insert({ ...credit, readyAt: now + WINDOW_MS });
        }
      }
    },

    readyAt: (weight) => cooling[weight - 1]?.readyAt,
  };
}
