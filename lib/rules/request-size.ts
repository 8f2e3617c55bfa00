/** A request that counts more than this share of the limit finds so many credits in one place too seldom, beside others never. */
const LARGEST_SHARE = 1 / 3;
/** So much of the limit it counts then: containers with a few requests each use nearly all of theirs. */
const SMALLER_SHARE = 0.1;

/** How many units of the vendor's rate one request may count, of at most `largest`, under a limit of so many a second. */
export function requestSize(largest: number, perSecond: number): number {
  return largest <= perSecond * LARGEST_SHARE
    ? largest
    : Math.max(1, Math.min(largest, Math.floor(perSecond * SMALLER_SHARE)));
}
