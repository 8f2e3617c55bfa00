/**
 * How one certificate's limit is cut into lanes, which containers lease whole. Few lanes under a small
 * limit, so that each still holds several credits.
 */

/** Sum of the maximum concurrencies of a vendor's two event sources: one lane for each container. */
export const MAX_LANES = 10;
const MIN_CREDITS_PER_LANE = 5;

/** Credits of each lane; together exactly the limit per window. */
export function laneCredits(ratePerSecond: number): readonly number[] {
  const rate = Math.max(1, Math.floor(ratePerSecond));
  const lanes = Math.min(MAX_LANES, Math.max(1, Math.floor(rate / MIN_CREDITS_PER_LANE)));
  const share = (index: number): number => Math.floor((rate * index) / lanes);
  return Array.from({ length: lanes }, (_, index) => share(index + 1) - share(index));
}

/** A quarter of the lanes is never leased for groups, so that calls and 1-to-1 find one free. */
export function isReservedForDirect(index: number, lanes: number): boolean {
  return index < Math.floor(lanes / 4);
}
