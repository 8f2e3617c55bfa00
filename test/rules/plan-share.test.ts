import fc from 'fast-check';
import type { Lane } from '../../lib/model/push-job';
import type { Holder, Shares } from '../../lib/model/shares';
import { GUARD_MS, LEASE_MS } from '../../lib/rules/lease';
import { planShare } from '../../lib/rules/plan-share';
import { givingUp, planRelease } from '../../lib/rules/release-share';
import { asSeen, type SeenShares, unusedShares } from '../../lib/rules/seen-shares';
import { applyChange } from '../support/flow-simulation/apply-change';
import { aHolder, anOwn, LIMIT, NOW, someShares, WALL } from '../support/shares';

test('who is alone takes twice what it needs, but leaves a quarter free', () => {
  const { change, grants } = planShare(anOwn({ need: 60 }), someShares(), NOW, WALL);

  expect(change.free).toBe(-75);
  expect(change.after).toMatchObject({ credits: 75, need: 60, until: WALL + LEASE_MS });
  expect(grants).toEqual([{ units: 75, readyAt: NOW, pacedOverMs: 0 }]);
});

test('who comes when all is held says what it needs, and is short', () => {
  const holders = new Map([['other', aHolder()]]);
  const { change, isShort } = planShare(anOwn(), someShares({ free: 0, holders }), NOW, WALL);

  expect(change.after).toMatchObject({ credits: 0, need: 100 });
  expect(isShort).toBe(true);
});

test('who holds more than its share gives ready credits back, and the others up as they are', () => {
  const holders = new Map([['other', aHolder({ credits: 0 })]]);
  const own = anOwn({ held: 100, ready: 10 });
  const { given, spare, change } = planShare(own, someShares({ free: 0, holders }), NOW, WALL);

  expect([given, spare]).toEqual([10, 40]);
  expect(change.free).toBe(10);
});

test('where nobody lacks any a holder keeps twice what it needs', () => {
  const own = anOwn({ held: 80, ready: 80, need: 20 });
  const { given, spare } = planShare(own, someShares({ free: 20 }), NOW, WALL);

  expect([given, spare]).toEqual([40, 0]);
});

test('the share of a container that died is taken over once its lease and the rest after it are over', () => {
  const left = (seenAt: number) => {
    const holders = new Map([['dead', aHolder({ seenAt })]]);
    return planShare(anOwn(), someShares({ free: 0, holders }), NOW, WALL).grants;
  };

  expect(left(NOW - LEASE_MS - GUARD_MS)).toEqual([]);
  expect(left(NOW - LEASE_MS - GUARD_MS - 1)).toEqual([
    { units: 100, readyAt: NOW, pacedOverMs: 0 },
  ]);
});

test('of credits that were given up before they were ready one takes as many as it should, and uses them as they would have been', () => {
  const givenUp: Holder = {
    credits: 50,
    need: 0,
    lane: undefined,
    until: 40,
    overMs: 500,
    by: 'direct',
    write: 'g',
  };
  const holders = new Map([['g', { ...givenUp, seenAt: NOW - 100 }]]);
  const own = anOwn({ need: 20 });
  const { change, grants } = planShare(own, someShares({ free: 0, holders }), NOW, WALL);

  expect(grants).toEqual([{ units: 20, readyAt: NOW - 60, pacedOverMs: 200 }]);
  expect(change.others.get('g')).toEqual({
    from: givenUp,
    to: { ...givenUp, credits: 30, until: 140, overMs: 300, write: 'w1' },
  });
});

test('for groups nothing is taken that calls and 1-to-1 messages were sent with, nor what is kept free for them', () => {
  const givenUp = { credits: 10, need: 0, lane: undefined, until: 0, overMs: 0 };
  const takes = (by: Lane, lane: Lane) => {
    const holders = new Map([['g', aHolder({ ...givenUp, by })]]);
    const { grants } = planShare(anOwn({ lane }), someShares({ free: 0, holders }), NOW, WALL);
    return grants.reduce((sum, { units }) => sum + units, 0);
  };

  expect([takes('direct', 'direct'), takes('bulk', 'direct')]).toEqual([10, 10]);
  expect([takes('direct', 'bulk'), takes('bulk', 'bulk')]).toEqual([0, 9]);
});

test('what calls and 1-to-1 messages have not used for a second is free for groups', () => {
  const givenUp = { credits: 10, need: 0, lane: undefined, until: 300, overMs: 200 };
  const takes = (agoMs: number) => {
    const holders = new Map([['g', aHolder({ ...givenUp, by: 'direct', seenAt: NOW - agoMs })]]);
    const own = anOwn({ lane: 'bulk' });
    const { change, grants } = planShare(own, someShares({ free: 0, holders }), NOW, WALL);
    return [grants.reduce((sum, { units }) => sum + units, 0), change.others.get('g')?.to?.until];
  };

  expect(takes(1_500)).toEqual([0, 0]);
  expect(takes(1_501)).toEqual([9, undefined]);
});

test('groups give up what a call or a 1-to-1 message lacks without waiting for their lease, unless some is free', () => {
  const isYielding = (lane: Lane, other: Lane, free: number) => {
    const holders = new Map([['other', aHolder({ credits: 0, need: 3, lane: other })]]);
    const own = anOwn({ lane, held: 100 - free });
    return planShare(own, someShares({ free, holders }), NOW, WALL).isYielding;
  };

  expect(isYielding('bulk', 'direct', 0)).toBe(true);
  expect(isYielding('bulk', 'direct', 1)).toBe(false);
  expect(isYielding('bulk', 'bulk', 0)).toBe(false);
  expect(isYielding('direct', 'direct', 0)).toBe(false);
});

test('a lower limit is taken over at once, and what is given up then pays the debt first', () => {
  const shares = someShares({ free: 0, holders: new Map([['other', aHolder()]]) });
  const lowered = planShare(anOwn({ limit: 60 }), shares, NOW, WALL).change;
  const givenUp = aHolder({ credits: 40, lane: undefined, until: 0, write: 'g' });
  const later = someShares({ limit: 60, free: -40, holders: new Map([['g', givenUp]]) });
  const { grants } = planShare(anOwn({ limit: 60 }), later, NOW, WALL);

  expect(lowered.limit).toEqual({ from: 100, to: 60, cutFrom: 0, at: WALL });
  expect(lowered.free).toBe(-40);
  expect(grants).toEqual([]);
});

test('a higher limit may be the older one for as long as certificates are kept', () => {
  const shares = someShares({ limitAt: WALL - 89_999 });

  expect(planShare(anOwn({ limit: 200 }), shares, NOW, WALL).change.limit).toBeUndefined();
  expect(planShare(anOwn({ limit: 200 }), shares, NOW, WALL + 1).change.limit).toBeDefined();
});

const COOLING = { coolMs: 200, overMs: 400 };

function sumOf({ free, holders }: Pick<Shares, 'free' | 'holders'>): number {
  return [...holders.values()].reduce((sum, { credits }) => sum + credits, free);
}

test('whoever writes what, no credit is lost or made, and none is owed unless the limit was lowered', () => {
  const step = fc.record({
    who: fc.constantFrom('a', 'b', 'c', 'd'),
    lane: fc.constantFrom<Lane>('direct', 'bulk'),
    need: fc.integer({ min: 1, max: 150 }),
    readyShare: fc.double({ min: 0, max: 1, noNaN: true }),
    refused: fc.constantFrom(0, 0, 0, 1, 5),
    afterMs: fc.constantFrom(1, 50, 600, 4_000, 9_000),
    limit: fc.constantFrom(LIMIT, LIMIT, LIMIT, 130, 70),
    isRelease: fc.constantFrom(false, false, false, true),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      let shares: Shares = unusedShares(LIMIT);
      const views = new Map<string, SeenShares>();
      let isLowered = false;
      let now = NOW;
      for (const [index, { who, need, lane, readyShare, isRelease, ...one }] of steps.entries()) {
        now += one.afterMs;
        const wall = WALL + now;
        for (const id of ['a', 'b', 'c', 'd']) views.set(id, asSeen(shares, views.get(id), now));
        const stored = shares.holders.get(who);
        const refused = Math.min(one.refused, stored?.credits ?? 0);
        const held = (stored?.credits ?? 0) - refused;
        const own = anOwn({
          id: who,
          limit: one.limit,
          lane,
          need,
          held,
          ready: Math.floor(held * readyShare),
          retired: refused,
          stored,
          write: `w${index}`,
        });
        const plan = planShare(own, views.get(who) ?? unusedShares(LIMIT), now, wall);
        const change =
          isRelease && stored !== undefined
            ? planRelease(own, own.ready, { units: held - own.ready, ...COOLING })
            : givingUp(plan, { units: plan.spare, ...COOLING }).change;
        isLowered ||= change.limit !== undefined && change.limit.to < change.limit.from;

        const next = applyChange(shares, change, LIMIT);
        if (next === undefined) throw new Error('a write by who sees all is not done');
        shares = next;
        expect(sumOf(shares)).toBe(shares.limit - shares.cut);
        expect(shares.cut).toBeGreaterThanOrEqual(0);
        if (!isLowered) expect(shares.free).toBeGreaterThanOrEqual(0);
        for (const { credits } of shares.holders.values())
          expect(credits).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('what a container is granted, less what it gives up, is what its stored share changes by', () => {
  const holders = new Map([['other', aHolder({ credits: 30, need: 30 })]]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 0, max: 70 }),
      (held, need, ready) => {
        const own = anOwn({ held, need, ready: Math.min(ready, held) });
        const shares = someShares({ free: 70 - held, holders });
        const { change, grants, given } = planShare(own, shares, NOW, WALL);
        const granted = grants.reduce((sum, { units }) => sum + units, 0);
        expect(change.after?.credits).toBe(held + granted - given);
        expect(change.free).toBe(given - granted);
      },
    ),
  );
});

test('a limit lowered to what was learned is used at once', () => {
  const holders = new Map([['other', aHolder({ credits: 30, need: 30 })]]);
  const shares = someShares({ cut: 70, free: 0, holders });
  const { change } = planShare(anOwn({ limit: 30 }), shares, NOW, WALL);

  expect(change).toMatchObject({ cut: -70, free: 0, limit: { from: 100, to: 30, cutFrom: 70 } });
});

test('whatever is refused, a twentieth of the limit stays', () => {
  const own = anOwn({ held: 5, retired: 10 });
  const { change } = planShare(own, someShares({ cut: 90, free: -5 }), NOW, WALL);

  expect(change.cut).toBe(5);
  expect(change.free).toBe(5);
});
