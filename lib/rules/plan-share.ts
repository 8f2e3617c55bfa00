import type { Lane } from '../model/push-job';
import type { Holder, ShareChange } from '../model/shares';
import type { EpochMs } from '../model/time';
import { allot, type Claimant, keptForDirect } from './allot';
import { changeClimb } from './climb';
import { WINDOW_MS } from './credit-pool';
import { becomeReady, type Grant, isFree, onOfferTo, type Replaced, takeGivenUp } from './given-up';
import { GUARD_MS, LEASE_MS } from './lease';
import { requestSize } from './request-size';
import type { SeenHolder, SeenShares } from './seen-shares';

/** So far apart the clocks of two containers may be. */
const CLOCKS_APART_MS = 2_000;
/** Configurations are kept by containers for less than this: a higher limit than the stored one is then the newer one. */
const LIMIT_SETTLES_MS = 90_000;
/** Where nobody lacks any a holder has up to so many times what it needs: messages come unevenly. */
const GENEROUS_FACTOR = 2;
/** Whatever is refused, the rest of the limit stays in use, or nobody would learn that it is over. */
const MOST_CUT_SHARE = 0.95;
/** Of all credits, left free for the next container all the same. */
export const FREE_SHARE = 0.25;
/** At most so many shares are taken over in one write, or told to be ready. */
const ABSORBED_AT_ONCE = 5;

/** What a container knows of itself when it plans its share. */
export interface OwnShare {
  readonly id: string;
  readonly limit: number;
  readonly largestRequest: number;
  readonly lane: Lane;
  /** Credits it could use in a window. */
  readonly need: number;
  /** Credits it holds, in use, cooling or ready. */
  readonly held: number;
  /** Of these, those that are ready. */
  readonly ready: number;
  /** Refused by the vendor since its last write; no longer in `held`. */
  readonly retired: number;
  /** Its share as it is stored. */
  readonly stored: Holder | undefined;
  /** Of the write to come. */
  readonly write: string;
}

/** A write, and what follows from it for the container once it is done. */
export interface SharePlan {
  readonly change: ShareChange;
  readonly grants: readonly Grant[];
  /** Ready credits it gives up. */
  readonly given: number;
  /** It should hold more, but there is none. */
  readonly isShort: boolean;
  /** Credits that others lack, and that are not ready: to be given up as they are. */
  readonly spare: number;
  /** A call or 1-to-1 message waits for what it gives up. */
  readonly isYielding: boolean;
}

/**
 * What a container should write about its share.
 *
 * @param now monotonic milliseconds of the container
 * @param wall its wall clock, by which leases are told to others
 */
export function planShare(
  own: OwnShare,
  shares: SeenShares,
  now: EpochMs,
  wall: EpochMs,
): SharePlan {
  const { id } = own;
  const limit = limitOf(own, shares, wall);
  const others = [...shares.holders].filter(([other]) => other !== id);
  const cold = others.filter(([, holder]) => isCold(holder, now, wall)).slice(0, ABSORBED_AT_ONCE);
  const live = others.flatMap(([other, { lane, need, credits }]) =>
    lane === undefined || cold.some(([gone]) => gone === other)
      ? []
      : [{ id: other, lane, need, credits }],
  );
  const all: Claimant[] = [...live, { id, lane: own.lane, need: own.need, credits: own.held }];
  const uncut = limit === undefined ? 0 : Math.min(shares.cut, Math.max(0, limit.from - limit.to));
  const configured = limit?.to ?? shares.limit;
  const mostCut = Math.floor(configured * MOST_CUT_SHARE);
  const newlyCut = Math.min(own.retired, Math.max(0, mostCut - shares.cut + uncut));
  const total = Math.max(1, configured - shares.cut + uncut - newlyCut);
  // nobody sends larger ones under what is left of the limit
  const largestRequest = requestSize(own.largestRequest, total);
  const target = allot(total, all, largestRequest, wall);
  const mine = Math.min(own.need, target.get(id) ?? 0);
  const short = live.filter((one) => one.credits < Math.min(one.need, target.get(one.id) ?? 0));
  const areOthersShort = short.length > 0;

  const free =
    shares.free +
    cold.reduce((sum, [, { credits }]) => sum + credits, 0) +
    (limit === undefined ? 0 : limit.to - limit.from + uncut) +
    // refused, but the limit is learned down to here only
    (own.retired - newlyCut);
  const isOwed = areOthersShort || free < 0;
  const keeps = isOwed ? mine : Math.max(mine, GENEROUS_FACTOR * own.need);
  const over = Math.max(0, own.held - keeps);
  const given = Math.min(over, own.ready);
  const kept = own.lane === 'bulk' ? keptForDirect(total, all, largestRequest) : 0;
  const want = Math.max(0, mine - own.held);
  // what a change of the limit leaves free is told by the next write
  const due = limit === undefined ? Math.max(0, Math.min(want, free - kept)) : 0;
  const spareFree = Math.floor(free - due - total * FREE_SHARE);
  const more = isOwed || limit !== undefined ? 0 : Math.min(keeps - own.held - due, spareFree);
  const taken = due + Math.max(0, more);
  const hot = others.filter((one) => !cold.includes(one));
  const onOffer = onOfferTo(own.lane, hot, now);
  const leftOver =
    onOffer.reduce((sum, [, { credits }]) => sum + credits, 0) -
    Math.max(0, kept - Math.max(0, free - taken));
  // after the limit was lowered what is given up pays the debt first
  const lacks = free < 0 ? 0 : Math.max(0, Math.min(want - taken, leftOver));
  const found = takeGivenUp(onOffer, lacks, now, own.write);
  const climb = changeClimb(shares, own.retired, wall, !limit && own.need > own.held);
  const grants: readonly Grant[] = [
    { units: taken, readyAt: now, pacedOverMs: 0 },
    { units: climb.putBack, readyAt: now, pacedOverMs: WINDOW_MS },
    ...found.grants,
  ].filter(({ units }) => units > 0);
  const credits = own.held - given + taken + climb.putBack + found.units;
  return {
    change: {
      id,
      before: own.stored,
      after: {
        credits,
        need: own.need,
        lane: own.lane,
        until: wall + LEASE_MS,
        write: own.write,
      },
      others: new Map([
        ...becomeReady(hot, now, own.write).slice(0, ABSORBED_AT_ONCE),
        ...cold.map(([gone, from]): Replaced => [gone, { from }]),
        ...found.others,
      ]),
      free: free - shares.free - taken + given,
      cut: newlyCut - uncut - climb.putBack,
      ...(climb.to === undefined ? {} : { climb: { from: shares.climb, to: climb.to } }),
      ...(limit === undefined ? {} : { limit }),
    },
    grants,
    given,
    spare: isOwed ? over - given : 0,
    isYielding:
      over > 0 && own.lane === 'bulk' && short.some(({ lane }) => lane === 'direct') && free <= 0,
    isShort: credits < mine,
  };
}

/** The owner's clock may be wrong; but a lease that stood still for longer than it can last is over by any clock. */
function isCold(holder: SeenHolder, now: EpochMs, wall: EpochMs): boolean {
  const { lane, until, seenAt } = holder;
  if (lane === undefined) return isFree(holder, now);
  return now > seenAt + LEASE_MS + GUARD_MS || wall > until + GUARD_MS + CLOCKS_APART_MS;
}

/**
 * A lower limit is taken over at once. A higher one than the stored may be what the certificate said before it was lowered, for as
 * long as containers keep certificates.
 */
function limitOf({ limit }: OwnShare, shares: SeenShares, wall: EpochMs): ShareChange['limit'] {
  if (limit === shares.limit) return undefined;
  if (limit > shares.limit && wall - shares.limitAt < LIMIT_SETTLES_MS) return undefined;
  return { from: shares.limit, to: limit, cutFrom: shares.cut, at: wall };
}
