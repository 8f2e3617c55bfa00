import type { EpochMs } from '../model/time';

/** A strict vendor counts every request it got in the last second, wherever that second begins. */
export const WINDOW_MS = 1_000;

/** Credits in use by one request: the lane of each. */
export type Credits = readonly number[];

/**
 * Acknowledged credits: a credit may be used again one window after the *answer* to its last use. The
 * request arrived before its answer, the next one leaves a window later, so two arrivals are never closer
 * than the window, whatever clocks, stalls or routes do. Times are one container's own monotonic milliseconds.
 */
export interface CreditPool {
  /**
   * Adds a leased lane; its credits become ready one by one over the first window, if the pool is paced. Those of an earlier
   * lease that are still in use, or not ready yet, are no sooner ready for that.
   */
  addLane(lane: number, now: EpochMs): void;
  /** Drops a lane: none of its credits is taken until it is added again. */
  dropLane(lane: number): void;
  lanes(): readonly number[];
  /** Takes `weight` ready credits, all or nothing. */
  take(weight: number, now: EpochMs): Credits | undefined;
  /** To be called when the answer, or the time-out, is in. */
  giveBack(credits: Credits, now: EpochMs): void;
  /** When `weight` credits will be ready; undefined if that many are not held or not back yet. */
  readyAt(weight: number): EpochMs | undefined;
}

interface Cooling {
  readonly lane: number;
  readonly readyAt: EpochMs;
}

/**
 * @param laneCredits credits of each lane that may ever be added
 * @param isPaced false where requests need many credits at once: those of a new lane are then ready at once
 */
export function createCreditPool(laneCredits: readonly number[], isPaced = true): CreditPool {
  const held = new Set<number>();
  /** Credits of lanes that are held, sorted by `readyAt`. */
  let cooling: Cooling[] = [];
  /** When the credits of the other lanes are ready. */
  const dropped = laneCredits.map((credits) =>
    Array<EpochMs>(credits).fill(Number.NEGATIVE_INFINITY),
  );

  function insert(credit: Cooling): void {
    if (!held.has(credit.lane)) {
      dropped[credit.lane]?.push(credit.readyAt);
      return;
    }
    let at = cooling.length;
    while (at > 0 && (cooling[at - 1]?.readyAt ?? 0) > credit.readyAt) at--;
    cooling.splice(at, 0, credit);
  }

  return {
    addLane(lane, now) {
      if (held.has(lane)) return;
      held.add(lane);
      const credits = (dropped[lane] ?? []).splice(0).sort((one, other) => one - other);
      for (const [index, readyAt] of credits.entries()) {
        const pacedAt = isPaced ? now + (index * WINDOW_MS) / credits.length : now;
        insert({ lane, readyAt: Math.max(readyAt, pacedAt) });
      }
    },

    dropLane(lane) {
      if (!held.delete(lane)) return;
      const all = cooling;
      cooling = all.filter((credit) => credit.lane !== lane);
      for (const credit of all) if (credit.lane === lane) insert(credit);
    },

    lanes: () => [...held],

    take(weight, now) {
      const last = cooling[weight - 1];
      if (last === undefined || last.readyAt > now) return undefined;
      return cooling.splice(0, weight).map(({ lane }) => lane);
    },

    giveBack(credits, now) {
      for (const lane of credits) insert({ lane, readyAt: now + WINDOW_MS });
    },

    readyAt: (weight) => cooling[weight - 1]?.readyAt,
  };
}
