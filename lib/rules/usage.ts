import type { EpochMs } from '../model/time';
import { WINDOW_MS } from './credit-pool';

/** How many units one container used lately. Times are its own monotonic milliseconds. */
export interface Usage {
  add(units: number, now: EpochMs): void;
  /** The larger of the last whole window and the present one. */
  inWindow(now: EpochMs): number;
}

export function createUsage(): Usage {
  let began = Number.NEGATIVE_INFINITY;
  let [before, current] = [0, 0];
  function turn(now: EpochMs): void {
    if (now - began < WINDOW_MS) return;
    before = now - began < 2 * WINDOW_MS ? current : 0;
    current = 0;
    began = now;
  }
  return {
    add(units: number, now: EpochMs): void {
      turn(now);
      current += units;
    },
    inWindow(now: EpochMs): number {
      turn(now);
      return Math.max(before, current);
    },
  };
}
