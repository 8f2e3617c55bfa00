import type { Lane } from '../model/push-job';
import type { EpochMs } from '../model/time';

/**
 * How one certificate's limit is cut into lanes, which containers lease whole, and who gets which. Few lanes
 * under a small limit, so that each still holds several credits.
 */

/** Sum of the maximum concurrencies of a vendor's two event sources: one lane for each container. */
export const MAX_LANES = 10;
const MIN_CREDITS_PER_LANE = 5;

/**
 * Credits of each lane; together exactly the limit per window. A lane has enough for the largest request, as far as
 * the limit does: who holds only one must be able to send it.
 */
export function laneCredits(ratePerSecond: number, largestRequest = 1): readonly number[] {
  const rate = Math.max(1, Math.floor(ratePerSecond));
  const least = Math.max(MIN_CREDITS_PER_LANE, largestRequest);
  const lanes = Math.min(MAX_LANES, Math.max(1, Math.floor(rate / least)));
  const share = (index: number): number => Math.floor((rate * index) / lanes);
  return Array.from({ length: lanes }, (_, index) => share(index + 1) - share(index));
}

/** A quarter of the lanes is never leased for groups, so that calls and 1-to-1 find one free. */
export function isReservedForDirect(index: number, lanes: number): boolean {
  return index < Math.floor(lanes / 4);
}

/** A container looked for a lane a moment ago and found none. */
export interface LaneWish {
  /** What it has to send. */
  readonly by: Lane;
  /** No container at all holds a lane for that. */
  readonly hasNone: boolean;
}

/** How the lanes of one certificate stand, as one container sees them. */
export interface LaneTable {
  readonly held: readonly number[];
  readonly free: readonly number[];
  /** Of somebody else. */
  readonly wish?: LaneWish;
  /** Nobody sends before then. */
  readonly restsUntil?: EpochMs;
}

/** The container that asks which lanes it should hold. */
export interface LaneHolder {
  /** What it has to send. */
  readonly lane: Lane;
  readonly laneCount: number;
  /** It had to wait for a credit. */
  readonly isShort: boolean;
  /** False while lanes it gave away are still on their way. */
  readonly mayGive: boolean;
}

/**
 * The lanes a container should hold next: one of the free ones to begin with, so that the next container finds
 * one, and all of them once it is short of credits. Where somebody else found none it gives half of several away.
 * Its only one it keeps, for whoever sends the same can send its jobs as well; but if nobody holds a lane for the
 * other kind of jobs, these would never be sent, and the holder of the last lane gives it to them. A wish of that
 * sort goes before all who have something else to send.
 */
export function lanesToLease(
  { held, free, wish }: LaneTable,
  { lane, laneCount, isShort, mayGive }: LaneHolder,
): readonly number[] {
  const isFor = (by: Lane) => (index: number) =>
    by === 'direct' || !isReservedForDirect(index, laneCount);
  const isForMe = isFor(lane);
  const isForThem = isFor(wish?.by ?? lane);
  const isTheirTurn = wish?.hasNone === true && wish.by !== lane;
  const isLeftToThem = (index: number): boolean =>
    wish !== undefined && (isTheirTurn || held.length > 0) && isForThem(index);
  const open = free.filter((index) => isForMe(index) && !isLeftToThem(index));
  if (held.length === 0) return open.slice(0, 1);

  function given(): readonly number[] {
    if (wish === undefined) return [];
    if (held.length === 1) return isTheirTurn && held[0] === laneCount - 1 ? held : [];
    const ofUse = mayGive ? held.filter(isForThem) : [];
    return ofUse.slice(Math.floor(ofUse.length / 2));
  }
  const away = given();
  return [...held.filter((index) => !away.includes(index)), ...(isShort ? open : [])];
}
