import type { Climb, Shares } from '../model/shares';
import type { EpochMs } from '../model/time';

/** The first trial after a refusal is small; while nothing is refused they grow. */
const SMALLEST_STEP = 0.005;
const LARGEST_STEP = 0.05;
/** A vendor that refuses more than this share of its limit is in trouble: that ends some time, so trials go on. */
const TROUBLE_SHARE = 0.5;
const FIRST_WAIT_MS = 5_000;
const SHORTEST_WAIT_MS = 2_500;
const LONGEST_WAIT_MS = 60_000;

/** Before anything was refused. */
export const START: Climb = {
  changedAt: 0,
  waitMs: FIRST_WAIT_MS,
  stepShare: SMALLEST_STEP,
  isTrial: false,
};

/** What a write does to the learned limit. */
export interface ClimbChange {
  /** Credits put back. */
  readonly putBack: number;
  /** Undefined when nothing changes. */
  readonly to?: Climb;
}

/**
 * Takes refused credits out, and gives a few back after a while: more and sooner as long as the vendor takes it, and later after
 * each trial that it refused.
 *
 * @param isWanted the container that asks would use more credits
 */
export function changeClimb(
  { climb, cut, limit }: Pick<Shares, 'climb' | 'cut' | 'limit'>,
  retired: number,
  wall: EpochMs,
  isWanted: boolean,
): ClimbChange {
  if (retired > 0) {
    const isTrouble = cut > limit * TROUBLE_SHARE;
    const waitMs =
      climb.isTrial && !isTrouble
        ? Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, climb.waitMs * 2))
        : Math.min(climb.waitMs, isTrouble ? FIRST_WAIT_MS : LONGEST_WAIT_MS);
    return {
      putBack: 0,
      to: { changedAt: wall, waitMs, stepShare: SMALLEST_STEP, isTrial: false },
    };
  }
  if (cut <= 0 || !isWanted || wall - climb.changedAt < climb.waitMs) return { putBack: 0 };
  return {
    putBack: Math.min(cut, Math.max(1, Math.round(limit * climb.stepShare))),
    to: {
      changedAt: wall,
      waitMs: climb.isTrial ? Math.max(SHORTEST_WAIT_MS, climb.waitMs / 2) : climb.waitMs,
      stepShare: climb.isTrial ? Math.min(LARGEST_STEP, climb.stepShare * 2) : climb.stepShare,
      isTrial: true,
    },
  };
}
