import type { Lane } from '../model/push-job';
import type { Holder, ShareChange, Shares } from '../model/shares';
import type { EpochMs } from '../model/time';
import { createCreditPool, type GivenUp, type Use, WINDOW_MS } from './credit-pool';
import { createLease, GUARD_MS, LEASE_MS } from './lease';
import { createPace } from './pace';
import { type OwnShare, planShare, type SharePlan } from './plan-share';
import { createRefusals } from './refusals';
import { givingUp, isWorthReleasing, planRelease } from './release-share';
import { asSeen, type SeenShares, unusedShares } from './seen-shares';
import { createUsage } from './usage';

/** With less lease left nothing more is sent under it. */
const LAST_SEND_MS = 300;
/** Who lacks credits plans anew after so long, and looks at the table after so long. */
const PLAN_AGAIN_MS = 100;
const LOOK_AGAIN_MS = 200;
/** Where credits were given up lately, more will be: who can use them looks out for so long. */
const LOOK_OUT_MS = 5_000;
/** Credits needed beyond what was used, so that a little more traffic finds some. */
const NEED_FACTOR = 1.25;

/** What a container has to do before it can send more: write, look at the shares, or find out whether its last write was done. */
export type NextStep = 'write' | 'look' | 'check' | undefined;

/**
 * One container's share of one certificate's limit. Knows no clock, no network and no timer: times come in (`now` is the container's
 * monotonic clock, `wall` its wall clock), writes go out as values.
 */
export interface ShareHolder {
  /** Takes credits for one request, if there are some that may be used now. */
  take(units: number, now: EpochMs, wall: EpochMs): Use | undefined;
  /** When `take` could succeed; undefined when that needs a write. */
  readyAt(units: number, now: EpochMs, wall: EpochMs): EpochMs | undefined;
  /** The answer to a request, or its time-out, is in. */
  giveBack(use: Use, now: EpochMs, isAnswered?: boolean): void;
  /** The vendor refused so many units for its rate. */
  refuse(units: number, now: EpochMs): void;
  /** @param waiting units of all requests that wait for credits */
  next(lane: Lane, waiting: number, now: EpochMs, wall: EpochMs): NextStep;
  /** To be followed by `wrote` or `saw`. */
  plan(lane: Lane, waiting: number, now: EpochMs, wall: EpochMs): SharePlan;
  /** It was done; `shares` as they were after it. */
  wrote(
    shares: Shares,
    began: { readonly now: EpochMs; readonly wall: EpochMs },
    now: EpochMs,
  ): void;
  /** It was not done, for `shares` are other than they were; or, if they may be some time old, this was but a look. */
  saw(shares: Shares | undefined, mayBeOld: boolean, now: EpochMs): void;
  /** The write by which all is given up; undefined while requests are out, or when nobody would gain by it. */
  planRelease(lane: Lane, now: EpochMs, wall: EpochMs): ShareChange | undefined;
  /** It was done; if it was not, the credits are not used any more before the next write. */
  released(): void;
  configure(limit: number, largestRequest: number): void;
  readonly restsUntil: EpochMs;
  readonly shares: Shares | undefined;
}

/**
 * @param id of the container, among all that share the certificate
 * @param newId makes an id no write has had
 */
export function createShareHolder(
  id: string,
  limits: { readonly limit: number; readonly largestRequest: number },
  newId: () => string,
): ShareHolder {
  const pool = createCreditPool();
  const pace = createPace();
  const refusals = createRefusals();
  let usage = createUsage();
  const lease = createLease();
  let { limit, largestRequest } = limits;
  let shares: SeenShares | undefined;
  let stored: Holder | undefined;
  /** A write that is out, with what it has taken out of the pool. */
  let pending:
    | { readonly plan: SharePlan; readonly retired: number; readonly spare: GivenUp }
    | undefined;
  let retired = 0;
  /** All was given up by a write that may or may not have been done. */
  let isReleasing = false;
  let seenAt = Number.NEGATIVE_INFINITY;
  let givenUpAt = Number.NEGATIVE_INFINITY;
  let plannedAt = Number.NEGATIVE_INFINITY;
  let wroteAt = Number.NEGATIVE_INFINITY;

  const held = (): number => pool.idle + pool.out;

  function own(lane: Lane, waiting: number, now: EpochMs): OwnShare {
    const need = Math.ceil(NEED_FACTOR * usage.inWindow(now)) + waiting;
    return {
      id,
      limit,
      largestRequest,
      lane,
      need: Math.min(limit, Math.max(need, pool.out, 1)),
      held: held(),
      ready: pool.ready(now),
      retired,
      stored,
      write: newId(),
    };
  }

  const view = (): SeenShares => shares ?? unusedShares(limit);

  function look(seen: Shares | undefined, now: EpochMs): void {
    seenAt = now;
    shares = seen && asSeen(seen, shares, now);
    if ([...view().holders.values()].some(({ lane }) => lane === undefined)) givenUpAt = now;
  }

  function done(plan: SharePlan, now: EpochMs): void {
    pending = undefined;
    stored = plan.change.after;
    for (const { units, readyAt, pacedOverMs } of plan.grants)
      pool.add(units, readyAt, pacedOverMs);
    pace.setShare(held(), limit, now);
  }

  /** The write is not done: what was set aside for it comes back. */
  function undone(now: EpochMs): void {
    if (pending === undefined) return;
    retired += pending.retired;
    pool.add(pending.plan.given, now);
    pool.add(pending.spare.units, now + pending.spare.coolMs, pending.spare.overMs);
    pending = undefined;
  }

  /** Somebody took the share over; what the table says is left of it may have been used until now. */
  function lost(seen: Holder | undefined, now: EpochMs): void {
    pending = undefined;
    isReleasing = false;
    stored = seen;
    retired = 0;
    lease.end();
    pool.empty();
    if (seen?.lane !== undefined) pool.add(seen.credits, now + WINDOW_MS);
    else if (seen !== undefined) pool.add(seen.credits, now + seen.until, seen.overMs);
    pace.setShare(held(), limit, now);
  }

  return {
    take(units, now, wall) {
      const ready = this.readyAt(units, now, wall);
      if (ready === undefined || ready > now) return undefined;
      pace.spend(units, now);
      usage.add(units, now);
      return pool.take(units, now);
    },

    readyAt(units, now, wall) {
      if (lease.leftMs(now, wall) <= LAST_SEND_MS) return undefined;
      const ready = pool.readyAt(units);
      if (ready === undefined) return undefined;
      return Math.max(ready, refusals.silentUntil, pace.readyAt(units, now));
    },

    giveBack(use, now, isAnswered) {
      pool.giveBack(use, now, isAnswered);
      refusals.answered();
    },

    refuse(units, now) {
      retired += pool.retire(refusals.refused(units, held(), now));
      pace.setShare(held(), limit, now);
    },

    next(lane, waiting, now, wall) {
      if (pending !== undefined || isReleasing) return 'check';
      if (waiting === 0 && pool.out === 0) return undefined;
      const leftMs = lease.leftMs(now, wall);
      if (leftMs < -GUARD_MS && now - seenAt > PLAN_AGAIN_MS) return 'look';
      if (leftMs < LEASE_MS / 2) return 'write';
      if (retired > 0 && now - wroteAt > LAST_SEND_MS) return 'write';
      if (waiting <= pool.ready(now) || now - plannedAt < PLAN_AGAIN_MS) return undefined;
      plannedAt = now;
      const plan = planShare(own(lane, waiting, now), view(), now, wall);
      if (plan.grants.length > 0 || plan.isYielding) return 'write';
      // nobody gives up for a call what he does not know to be lacking
      const isUntold = (stored?.need ?? 0) < (plan.change.after?.need ?? 0);
      if (lane === 'direct' && plan.isShort && isUntold) return 'write';
      const isLooking = plan.isShort || now - givenUpAt < LOOK_OUT_MS;
      return isLooking && now - seenAt > LOOK_AGAIN_MS ? 'look' : undefined;
    },

    plan(lane, waiting, now, wall) {
      const basic = planShare(own(lane, waiting, now), view(), now, wall);
      pool.removeReady(basic.given, now);
      const spare = pool.removeEvenly(basic.spare, now);
      const plan = givingUp(basic, spare);
      pending = { plan, retired, spare };
      retired = 0;
      return plan;
    },

    wrote(seen, began, now) {
      if (pending === undefined) return;
      wroteAt = now;
      look(seen, now);
      done(pending.plan, now);
      lease.begin(began.now, began.wall);
    },

    saw(seen, mayBeOld, now) {
      look(seen, now);
      if (mayBeOld) return;
      const mine = seen?.holders.get(id);
      if (pending !== undefined && mine?.write === pending.plan.change.after?.write) {
        done(pending.plan, now);
      } else if (mine?.write === stored?.write && !isReleasing) undone(now);
      else lost(mine, now);
    },

    planRelease(lane, now, wall) {
      const isFree =
        lease.leftMs(now, wall) > 0 && pending === undefined && pool.out + pool.heldBack === 0;
      if (!isFree || !isWorthReleasing(id, held(), view())) return undefined;
      const mine = own(lane, 0, now);
      isReleasing = true;
      const ready = pool.removeReady(pool.idle, now);
      return planRelease(mine, ready, pool.removeEvenly(pool.idle, now));
    },

    released() {
      isReleasing = false;
      stored = undefined;
      retired = 0;
      // what was used lately is held by nobody now: who comes next asks for what waits
      usage = createUsage();
      lease.end();
      pool.empty();
    },

    configure(newLimit, newLargest) {
      limit = newLimit;
      largestRequest = newLargest;
    },

    get restsUntil() {
      return shares?.restsUntil ?? Number.NEGATIVE_INFINITY;
    },
    get shares() {
      return shares;
    },
  };
}
