/** How a vendor counts: whether it takes `units` that arrive at that millisecond. Times never go backwards. */
export interface VendorLimit {
  admit(at: number, units: number): boolean;
  limit: number;
}

const WINDOW_MS = 1_000;

/** At no instant more than the limit in the second that ends there. */
export function slidingWindow(limit: number): VendorLimit {
  const admitted: { at: number; units: number }[] = [];
  let head = 0;
  let sum = 0;
  return {
    limit,
    admit(at, units) {
      for (
        let first = admitted[head];
        first && first.at <= at - WINDOW_MS;
        first = admitted[head]
      ) {
        sum -= first.units;
        head++;
      }
      if (sum + units > this.limit) return false;
      admitted.push({ at, units });
      sum += units;
      return true;
    },
  };
}

/** Seconds of its own clock, which nobody knows. */
export function fixedWindow(limit: number, phaseMs = 137): VendorLimit {
  let window = -1;
  let sum = 0;
  return {
    limit,
    admit(at, units) {
      const current = Math.floor((at + phaseMs) / WINDOW_MS);
      if (current !== window) sum = 0;
      window = current;
      if (sum + units > this.limit) return false;
      sum += units;
      return true;
    },
  };
}

/** Tokens come evenly and are kept up to a share of a second's. */
export function tokenBucket(limit: number, burstShare = 0.1): VendorLimit {
  let tokens = limit * burstShare;
  let last = 0;
  return {
    limit,
    admit(at, units) {
      tokens = Math.min(this.limit * burstShare, tokens + ((at - last) * this.limit) / WINDOW_MS);
      last = at;
      if (tokens < units) return false;
      tokens -= units;
      return true;
    },
  };
}
