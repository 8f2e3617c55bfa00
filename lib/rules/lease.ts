import type { EpochMs } from '../model/time';

/** A lease lasts so long; it is renewed at half of it while there is work. */
export const LEASE_MS = 2_200;
/** What was leased rests so long after the lease: more than a window and a request's way to the vendor. */
export const GUARD_MS = 1_300;

/** When a container's lease ends. */
export interface Lease {
  /** Below 0 once it is over. */
  leftMs(now: EpochMs, wall: EpochMs): number;
  /** It is told to others by the wall clock at `wall`; `now` is the same moment by the container's monotonic clock. */
  begin(now: EpochMs, wall: EpochMs): void;
  end(): void;
}

/** Ends by whichever clock is first: the monotonic one may stand still while a container is frozen, the other may be set back. */
export function createLease(): Lease {
  let ends = { now: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  return {
    leftMs: (now, wall) => Math.min(ends.now - now, ends.wall - wall),
    begin(now, wall) {
      ends = { now: now + LEASE_MS, wall: wall + LEASE_MS };
    },
    end() {
      ends = { now: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
    },
  };
}
