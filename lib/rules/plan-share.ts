import type { Lane } from '../model/push-job';
import type { Holder, ShareChange } from '../model/shares';
import type { EpochMs } from '../model/time';
import { allot, type Claimant, keptForDirect } from './allot';
import { changeClimb } from './climb';
import { type GivenUp, WINDOW_MS } from './credit-pool';
import { GUARD_MS, LEASE_MS } from './lease';
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
const FREE_SHARE = 0.25;
/** Less than this share of the limit is not worth a write to give it up. */
const WORTH_RELEASING = 0.01;
/** At most so many shares are taken over in one write. */
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

/** Credits that a container gets: ready then, or one by one over so long from then. */
export interface Grant {
  readonly units: number;
  readonly readyAt: EpochMs;
  readonly pacedOverMs: number;
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
  const { id, largestRequest } = own;
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
  const target = allot(total, all, largestRequest, wall);
  const mine = Math.min(own.need, target.get(id) ?? 0);
  const areOthersShort = live.some(
    (one) => one.credits < Math.min(one.need, target.get(one.id) ?? 0),
  );

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
  const found = takeGivenUp(
    others.filter((one) => !cold.includes(one)),
    // after the limit was lowered what is given up pays the debt first
    free < 0 ? 0 : Math.max(0, want - taken),
    now,
    own.write,
  );
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
      others: new Map([...cold.map(([gone, from]): Other => [gone, { from }]), ...found.others]),
      free: free - shares.free - taken + given,
      cut: newlyCut - uncut - climb.putBack,
      ...(climb.to === undefined ? {} : { climb: { from: shares.climb, to: climb.to } }),
      ...(limit === undefined ? {} : { limit }),
    },
    grants,
    given,
    spare: isOwed ? over - given : 0,
    isShort: credits < mine,
  };
}

/** The same write, in which so many credits are given up before they are ready, to be used evenly over a window after `coolMs`. */
export function givingUp({ change, ...plan }: SharePlan, { units, coolMs }: GivenUp): SharePlan {
  const { after } = change;
  if (units === 0 || after === undefined) return { change, ...plan };
  const given = givenUp(units, coolMs, after.write);
  return {
    ...plan,
    change: {
      ...change,
      after: { ...after, credits: after.credits - units },
      others: new Map([...change.others, [after.write, { to: given }]]),
    },
  };
}

/** Whether others lack more than is free, so that they would use what a container holds, and it is worth the write. */
export function isWorthReleasing(id: string, held: number, shares: SeenShares): boolean {
  const lacking = [...shares.holders].reduce(
    (sum, [other, { lane, need, credits }]) =>
      other === id || lane === undefined ? sum : sum + Math.max(0, need - credits),
    0,
  );
  return lacking > shares.free && held >= shares.limit * WORTH_RELEASING;
}

/** The write by which a container that has nothing to do for now gives all it holds up. */
export function planRelease(own: OwnShare, units: number, coolMs: number): ShareChange {
  return {
    id: own.id,
    before: own.stored,
    after: undefined,
    others:
      units === 0 ? new Map() : new Map([[own.write, { to: givenUp(units, coolMs, own.write) }]]),
    free: 0,
    cut: own.retired,
  };
}

function givenUp(credits: number, coolMs: number, write: string): Holder {
  return { credits, need: 0, lane: undefined, until: Math.ceil(coolMs), write };
}

/** The owner's clock may be wrong; but a lease that stood still for longer than it can last is over by any clock. */
function isCold({ lane, until, seenAt }: SeenHolder, now: EpochMs, wall: EpochMs): boolean {
  if (lane === undefined) return now > seenAt + until + WINDOW_MS;
  return now > seenAt + LEASE_MS + GUARD_MS || wall > until + GUARD_MS + CLOCKS_APART_MS;
}

type Other = readonly [string, { readonly from: Holder; readonly to?: Holder }];

/** Takes from credits that were given up while they were still cooling; they may be used as they would have been. */
function takeGivenUp(
  others: readonly (readonly [string, SeenHolder])[],
  units: number,
  now: EpochMs,
  write: string,
) {
  const grants: Grant[] = [];
  const taken: Other[] = [];
  let left = units;
  for (const [other, { seenAt, ...from }] of others) {
    if (left === 0 || from.lane !== undefined || from.credits === 0) continue;
    const stepMs = WINDOW_MS / from.credits;
    const readyAt = Math.max(now, seenAt + from.until);
    const some = Math.min(left, from.credits);
    grants.push({ units: some, readyAt, pacedOverMs: some * stepMs });
    const rest = from.credits - some;
    const until = Math.ceil(readyAt - now + some * stepMs);
    taken.push([
      other,
      rest === 0 ? { from } : { from, to: { ...from, credits: rest, until, write } },
    ]);
    left -= some;
  }
  return { grants, others: taken, units: units - left };
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
