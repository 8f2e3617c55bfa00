/** How a vendor counts requests. */
export type Counting = 'sliding window' | 'fixed window' | 'token bucket';

/** What a vendor lets in. Times are milliseconds and never go backwards. */
export interface VendorLimit {
  /** Requests a second. */
  perSecond: number;
  /** Whether a request that arrives now is accepted; one that is refused counts for nothing. */
  admit(nowMs: number): boolean;
}

const WINDOW_MS = 1_000;
/** A bucket holds so much of a second's requests. */
const BURST_SHARE = 0.1;

/** A strict limit: it forgives nothing. */
export function createVendorLimit(counting: Counting, perSecond: number): VendorLimit {
  if (counting === 'sliding window') return slidingWindow(perSecond);
  return counting === 'fixed window' ? fixedWindow(perSecond) : tokenBucket(perSecond);
}

/** In no span of a second, wherever it begins, more than the limit; what is exactly a second old is out. */
function slidingWindow(perSecond: number): VendorLimit {
  const accepted: number[] = [];
  let first = 0;
  return {
    perSecond,
    admit(nowMs) {
      while ((accepted[first] ?? nowMs) <= nowMs - WINDOW_MS) first += 1;
      if (first > 10_000) {
        accepted.splice(0, first);
        first = 0;
      }
      if (accepted.length - first >= this.perSecond) return false;
      accepted.push(nowMs);
      return true;
    },
  };
}

/** In no second of the vendor's own clock more than the limit. */
function fixedWindow(perSecond: number): VendorLimit {
  let second = Number.NEGATIVE_INFINITY;
  let accepted = 0;
  return {
    perSecond,
    admit(nowMs) {
      const now = Math.floor(nowMs / WINDOW_MS);
      if (now !== second) {
        second = now;
        accepted = 0;
      }
      if (accepted >= this.perSecond) return false;
      accepted += 1;
      return true;
    },
  };
}

/** Filled evenly, a tenth of a second's requests at once. */
function tokenBucket(perSecond: number): VendorLimit {
  let tokens = perSecond * BURST_SHARE;
  let filledAtMs: number | undefined;
  return {
    perSecond,
    admit(nowMs) {
      const passedMs = nowMs - (filledAtMs ?? nowMs);
      const full = Math.max(1, this.perSecond * BURST_SHARE);
      tokens = Math.min(full, tokens + (passedMs / WINDOW_MS) * this.perSecond);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
