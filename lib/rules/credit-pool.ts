import type { EpochMs } from '../model/time';

/** A strict vendor counts every request it got in the last second, wherever that second begins. */
export const WINDOW_MS = 1_000;

/** A vendor's answer is trusted to take at least this share of the shortest round trip ever seen. */
const TRUSTED_SHARE = 0.92;
/** So many answers must be in before the shortest of them says anything. */
const LEAST_ANSWERS = 32;
/** Timers and event loops are about that much early or late. */
const ROUNDING_MS = 1;
/** Among n answers the shortest is seldom more than this, divided by n, of their mean spread above the shortest there can be. */
const DOUBT = 10;
/** A run of credits that become ready one by one is kept in so many steps at most. */
const PACED_STEPS = 50;

/** Credits in use by one request. */
export interface Use {
  readonly units: number;
  readonly takenAt: EpochMs;
  /** Credits taken before the pool was last emptied are strays. */
  readonly lease: number;
}

/** Credits removed from a pool: they become ready evenly over `overMs`, which begins `coolMs` after that. */
export interface GivenUp {
  readonly units: number;
  readonly coolMs: number;
  readonly overMs: number;
}

/**
 * Acknowledged credits of one container: a credit may be used again one window after the *answer* to its last use, less a part
 * of the shortest round trip seen. The request arrived before its answer, the next one arrives after it has left, so two
 * arrivals are never closer than the window, whatever clocks and stalls do, as long as no way becomes much shorter than all before.
 * Times are the container's own monotonic milliseconds.
 */
export interface CreditPool {
  /** Adds credits that nobody else uses any more: ready then, or one by one over `pacedOverMs` from then. */
  add(units: number, readyAt: EpochMs, pacedOverMs?: number): void;
  /** Takes ready credits, all or nothing. */
  take(units: number, now: EpochMs): Use | undefined;
  /** To be called once, when the answer, or the time-out, is in. An answer tells how far the vendor is. */
  giveBack(use: Use, now: EpochMs, isAnswered?: boolean): void;
  /** When so many credits will be ready; undefined if that many are not here. */
  readyAt(units: number): EpochMs | undefined;
  /** Credits that are ready. */
  ready(now: EpochMs): number;
  /** Removes credits for good, those that were used last first; answers how many there were. */
  retire(units: number): number;
  /** Removes ready credits to be given to others; answers how many there were. */
  removeReady(units: number, now: EpochMs): number;
  /**
   * Removes credits to be given to others, evenly from among those to come: who gets them can use them nearly as soon as they would
   * have been used here, and never sooner.
   */
  removeEvenly(units: number, now: EpochMs): GivenUp;
  /** Forgets all credits; those in use hold back as many of the next ones until their answer is in. */
  empty(): void;
  /** Credits here, ready or not. */
  readonly idle: number;
  /** Credits in use. */
  readonly out: number;
  /** Of those here, how many wait for answers to requests of an earlier lease. */
  readonly heldBack: number;
}

interface Run {
  readyAt: EpochMs;
  units: number;
}

export function createCreditPool(): CreditPool {
  /** Sorted by `readyAt`. */
  const runs: Run[] = [];
  let idle = 0;
  let out = 0;
  let lease = 0;
  /** Credits in use of earlier leases, and how many of the present ones wait for their answers. */
  let strays = 0;
  let heldBack = 0;
  let answers = 0;
  let shortestMs = Number.POSITIVE_INFINITY;
  let allMs = 0;

  function insert(units: number, readyAt: EpochMs): void {
    if (units === 0) return;
    idle += units;
    let at = runs.length;
    while (at > 0 && (runs[at - 1]?.readyAt ?? 0) > readyAt) at--;
    runs.splice(at, 0, { readyAt, units });
  }

  /** Takes units off the runs, the earliest or the latest first, as long as they are ready by then. */
  function remove(units: number, from: 'first' | 'last', readyBy = Number.POSITIVE_INFINITY) {
    let left = units;
    while (left > 0) {
      const run = from === 'first' ? runs[0] : runs.at(-1);
      if (run === undefined || run.readyAt > readyBy) break;
      const some = Math.min(left, run.units);
      run.units -= some;
      left -= some;
      if (run.units === 0) from === 'first' ? runs.shift() : runs.pop();
    }
    idle -= units - left;
    return units - left;
  }

  function readyAt(units: number): EpochMs | undefined {
    let sum = 0;
    for (const run of runs) {
      sum += run.units;
      if (sum >= units) return run.readyAt;
    }
    return undefined;
  }

  /** How long a round trip takes at least, as far as that is sure; at most a window. */
  function trustedMs(): number {
    if (answers < LEAST_ANSWERS) return 0;
    const doubtMs = ((allMs / answers - shortestMs) * DOUBT) / answers;
    const sureMs = TRUSTED_SHARE * (shortestMs - doubtMs) - ROUNDING_MS;
    return Math.max(0, Math.min(sureMs, WINDOW_MS));
  }

  return {
    add(units, from, pacedOverMs = 0) {
      const held = Math.min(units, strays - heldBack);
      heldBack += held;
      const steps = pacedOverMs === 0 ? 1 : Math.min(PACED_STEPS, units - held);
      const share = (step: number): number => Math.floor(((units - held) * step) / steps);
      for (let step = 0; step < steps; step++) {
        // the last of a step is due at its end
        const at = from + (steps === 1 ? pacedOverMs : (pacedOverMs * (step + 1)) / steps);
        insert(share(step + 1) - share(step), at);
      }
    },

    take(units, now) {
      const ready = readyAt(units);
      if (ready === undefined || ready > now) return undefined;
      remove(units, 'first');
      out += units;
      return { units, takenAt: now, lease };
    },

    giveBack({ units, takenAt, lease: ofLease }, now, isAnswered = true) {
      if (isAnswered) {
        answers += 1;
        allMs += now - takenAt;
        shortestMs = Math.min(shortestMs, now - takenAt);
      }
      const ready = now + WINDOW_MS - trustedMs();
      if (ofLease === lease) {
        out -= units;
        insert(units, ready);
        return;
      }
      strays -= units;
      const freed = Math.max(0, heldBack - strays);
      heldBack -= freed;
      insert(freed, ready);
    },

    readyAt,
    ready(now) {
      let sum = 0;
      for (const run of runs) {
        if (run.readyAt > now) break;
        sum += run.units;
      }
      return sum;
    },
    retire: (units) => remove(units, 'last'),
    removeReady: (units, now) => remove(units, 'first', now),

    removeEvenly(wanted, now) {
      const units = Math.min(wanted, idle);
      const all = idle;
      let seen = 0;
      let removed = 0;
      const taken = runs.flatMap((run) => {
        seen += run.units;
        const before = removed;
        removed = Math.ceil((seen * units) / all);
        run.units -= removed - before;
        return removed === before ? [] : [{ readyAt: run.readyAt, before }];
      });
      idle -= units;
      runs.splice(0, runs.length, ...runs.filter((run) => run.units > 0));
      const [first = now, last = now] = [taken[0]?.readyAt, taken.at(-1)?.readyAt];
      const overMs = units < 2 ? 0 : ((last - first) * units) / (units - 1);
      const begins = taken.map(({ readyAt: at, before }) => at - (overMs * (before + 1)) / units);
      return { units, coolMs: Math.max(...begins, Number.NEGATIVE_INFINITY) - now, overMs };
    },

    empty() {
      strays += out;
      heldBack = 0;
      out = 0;
      idle = 0;
      lease += 1;
      runs.length = 0;
    },

    get idle() {
      return idle + heldBack;
    },
    get out() {
      return out;
    },
    get heldBack() {
      return heldBack;
    },
  };
}
