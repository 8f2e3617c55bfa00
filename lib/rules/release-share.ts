import type { ShareChange } from '../model/shares';
import type { GivenUp } from './credit-pool';
import { givenUp } from './given-up';
import { FREE_SHARE, type OwnShare, type SharePlan } from './plan-share';
import type { SeenShares } from './seen-shares';

/** Less than this share of the limit is not worth a write to give it up. */
const WORTH_RELEASING = 0.01;

/** The same write, in which credits are given up before they are ready. */
export function givingUp({ change, ...plan }: SharePlan, spare: GivenUp): SharePlan {
  const { after } = change;
  const { units } = spare;
  if (units === 0 || after === undefined) return { change, ...plan };
  const given = givenUp(spare, after.write, after.lane);
  return {
    ...plan,
    change: {
      ...change,
      after: { ...after, credits: after.credits - units },
      others: new Map([...change.others, [after.write, { to: given }]]),
    },
  };
}

/** Whether others could use what a container holds, now or when their next message comes, and it is worth the write. */
export function isWorthReleasing(id: string, held: number, shares: SeenShares): boolean {
  const lacking = [...shares.holders].reduce(
    (sum, [other, { lane, need, credits }]) =>
      other === id || lane === undefined ? sum : sum + Math.max(0, need - credits),
    0,
  );
  const isWanted = lacking > shares.free || shares.free < shares.limit * FREE_SHARE;
  return isWanted && held >= shares.limit * WORTH_RELEASING;
}

/**
 * The write by which a container that has nothing to do for now gives all it holds up: `ready` credits that it has not used for a
 * window, and the others.
 */
export function planRelease(own: OwnShare, ready: number, cooling: GivenUp): ShareChange {
  const { id, write, lane } = own;
  return {
    id,
    before: own.stored,
    after: undefined,
    others:
      cooling.units === 0 ? new Map() : new Map([[write, { to: givenUp(cooling, write, lane) }]]),
    free: ready,
    cut: own.retired,
  };
}
