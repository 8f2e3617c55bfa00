import type { Lane } from '../model/push-job';
import type { Holder } from '../model/shares';
import type { EpochMs } from '../model/time';
import type { GivenUp } from './credit-pool';
import type { SeenHolder } from './seen-shares';

/** What calls and 1-to-1 messages were sent with is for the next ones, for so long after it could be used again. */
const KEPT_FOR_DIRECT_MS = 1_000;
/** For what is ready later a call or a 1-to-1 message does not wait: groups give some up sooner. */
const SOON_MS = 250;

/** Credits that a container gets: ready then, or one by one over so long from then. */
export interface Grant {
  readonly units: number;
  readonly readyAt: EpochMs;
  readonly pacedOverMs: number;
}

/** What a write makes of another attribute of the item. */
export type Replaced = readonly [string, { readonly from: Holder; readonly to?: Holder }];

/** Credits that were given up, as they stand in the item. */
export function givenUp({ units, coolMs, overMs }: GivenUp, write: string, by?: Lane): Holder {
  const times = { until: Math.ceil(coolMs), overMs: Math.ceil(overMs) };
  return { credits: units, need: 0, lane: undefined, ...times, ...(by && { by }), write };
}

/** Nobody has used them for a window: they are free, once nothing keeps them for calls and 1-to-1 messages. */
export function isFree({ until, overMs = 0, by, seenAt }: SeenHolder, now: EpochMs): boolean {
  return now > seenAt + until + overMs + (by === 'direct' ? KEPT_FOR_DIRECT_MS : 0);
}

/**
 * Credits that were given up, in the order in which they are taken: of those that are ready the last one first, so that
 * what is not needed gets cold.
 */
export function onOfferTo(
  lane: Lane,
  others: readonly (readonly [string, SeenHolder])[],
  now: EpochMs,
): readonly (readonly [string, SeenHolder])[] {
  const readyIn = ({ seenAt, until }: SeenHolder): number => seenAt + until - now;
  return others
    .filter(([, holder]) => {
      if (holder.lane !== undefined) return false;
      return lane === 'direct' ? readyIn(holder) <= SOON_MS : holder.by !== 'direct';
    })
    .toSorted(([, one], [, other]) => {
      const [first, second] = [readyIn(one), readyIn(other)];
      return first <= 0 && second <= 0 ? second - first : first - second;
    });
}

/**
 * Credits that were given up and have become ready since this container saw them first: it tells so in its next write, for
 * who sees them only now would count from now.
 */
export function becomeReady(
  others: readonly (readonly [string, SeenHolder])[],
  now: EpochMs,
  write: string,
): Replaced[] {
  return others.flatMap(([id, { seenAt, ...from }]): Replaced[] => {
    const { until, overMs = 0, lane } = from;
    const isNews = lane === undefined && until + overMs > 0 && seenAt + until + overMs <= now;
    return isNews ? [[id, { from, to: { ...from, until: 0, overMs: 0, write } }]] : [];
  });
}

/** Takes credits that were given up; they may be used when they would have been. */
export function takeGivenUp(
  others: readonly (readonly [string, SeenHolder])[],
  units: number,
  now: EpochMs,
  write: string,
) {
  const grants: Grant[] = [];
  const taken: Replaced[] = [];
  let left = units;
  for (const [other, { seenAt, ...from }] of others) {
    if (left === 0 || from.credits === 0) continue;
    const { overMs = 0 } = from;
    const stepMs = overMs / from.credits;
    const readyAt = seenAt + from.until;
    const some = Math.min(left, from.credits);
    grants.push({ units: some, readyAt, pacedOverMs: some * stepMs });
    const takenOverMs = some * stepMs;
    const rest = {
      units: from.credits - some,
      coolMs: readyAt - now + takenOverMs,
      overMs: overMs - takenOverMs,
    };
    taken.push([other, rest.units === 0 ? { from } : { from, to: givenUp(rest, write, from.by) }]);
    left -= some;
  }
  return { grants, others: taken, units: units - left };
}
