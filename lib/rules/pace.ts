import type { EpochMs } from '../model/time';
import { WINDOW_MS } from './credit-pool';

/** After a pause a container catches up at no more than so many times its even pace: some vendors allow short bursts only. */
const CATCH_UP = 1.05;
/** Units sent at once, whatever the pace. */
const LEAST_BURST = 2;
/** A container with a small share of the limit may use it at once; together that is still no burst for the vendor. */
const SMALL_SHARE = 0.05;
const SMALL_BURST_SHARE = 0.01;
const LARGE_BURST_SHARE = 0.05;

/** Spreads what one container sends over the window. Times are its own monotonic milliseconds. */
export interface Pace {
  /** When so many units may go. */
  readyAt(units: number, now: EpochMs): EpochMs;
  spend(units: number, now: EpochMs): void;
  /** From now on the container holds so many credits of so many. */
  setShare(credits: number, limit: number, now: EpochMs): void;
}

export function createPace(): Pace {
  let perMs = 0;
  let burst = LEAST_BURST;
  let tokens = LEAST_BURST;
  let at = Number.NEGATIVE_INFINITY;

  function refill(now: EpochMs): void {
    if (now > at)
      tokens =
        at === Number.NEGATIVE_INFINITY ? burst : Math.min(burst, tokens + (now - at) * perMs);
    at = Math.max(at, now);
  }

  return {
    readyAt(units, now) {
      refill(now);
      // a request larger than any burst goes as soon as the bucket is full, and is paid off afterwards
      const lacks = Math.min(units, burst) - tokens;
      if (lacks <= 0) return now;
      return perMs === 0 ? Number.POSITIVE_INFINITY : now + lacks / perMs;
    },
    spend(units, now) {
      refill(now);
      tokens -= units;
    },
    setShare(credits, limit, now) {
      refill(now);
      perMs = (credits * CATCH_UP) / WINDOW_MS;
      const isSmall = credits < limit * SMALL_SHARE;
      const wanted = isSmall
        ? Math.min(credits, limit * SMALL_BURST_SHARE)
        : credits * LARGE_BURST_SHARE;
      const next = Math.max(LEAST_BURST, wanted);
      tokens += next - burst;
      burst = next;
    },
  };
}
