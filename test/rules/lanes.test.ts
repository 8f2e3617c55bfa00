import fc from 'fast-check';
import type { Lane } from '../../lib/model/push-job';
import {
  isReservedForDirect,
  type LaneHolder,
  type LaneTable,
  type LaneWish,
  laneCredits,
  lanesToLease,
  MAX_LANES,
} from '../../lib/rules/lanes';

const rates = fc.integer({ min: 1, max: 100_000 });

test.each([
  [1, [1]],
  [9, [9]],
  [10, [5, 5]],
  [19, [6, 6, 7]],
  [50, [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]],
  [1_004, [100, 100, 101, 100, 101, 100, 100, 101, 100, 101]],
])('%i a second is cut into %j', (rate, expected) => {
  expect(laneCredits(rate)).toEqual(expected);
});

test('the lanes together have exactly the limit, and each its part', () => {
  fc.assert(
    fc.property(rates, (rate) => {
      const credits = laneCredits(rate);

      expect(credits.reduce((sum, one) => sum + one, 0)).toBe(rate);
      expect(credits.length).toBeLessThanOrEqual(MAX_LANES);
      expect(Math.min(...credits)).toBeGreaterThanOrEqual(Math.min(rate, 5));
      expect(Math.max(...credits) - Math.min(...credits)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a fraction of a limit is never rounded up, but one a second is the least', () => {
  expect(laneCredits(5.9)).toEqual([5]);
  expect(laneCredits(0.3)).toEqual([1]);
});

test('a quarter is kept from groups, and never all', () => {
  const reserved = (lanes: number) =>
    Array.from({ length: lanes }, (_, index) => index).filter((index) =>
      isReservedForDirect(index, lanes),
    );

  expect(reserved(1)).toEqual([]);
  expect(reserved(3)).toEqual([]);
  expect(reserved(4)).toEqual([0]);
  expect(reserved(10)).toEqual([0, 1]);
});

describe('which lanes a container leases next', () => {
  const wish = (by: Lane, hasNone = false): LaneWish => ({ by, hasNone });
  const choose = (table: Partial<LaneTable>, holder: Partial<LaneHolder> = {}) =>
    lanesToLease(
      { held: [], free: [], ...table },
      { lane: 'direct', laneCount: 10, isShort: true, mayGive: true, ...holder },
    );
  const BULK = { lane: 'bulk' } as const;

  test('one of the free ones to begin with, so that the next finds one', () => {
    expect(choose({ free: [2, 3, 4] })).toEqual([2]);
    expect(choose({ free: [7] })).toEqual([7]);
    expect(choose({})).toEqual([]);
  });

  test('all free ones besides its own once it is short of credits, and not before', () => {
    expect(choose({ held: [3], free: [0, 5] })).toEqual([3, 0, 5]);
    expect(choose({ held: [3], free: [0, 5] }, { isShort: false })).toEqual([3]);
  });

  test('for groups none of the reserved ones', () => {
    expect(choose({ free: [0, 1, 2, 9] }, BULK)).toEqual([2]);
    expect(choose({ held: [2], free: [0, 1, 9] }, BULK)).toEqual([2, 9]);
  });

  test('half of several goes to one who found none, and nothing free is taken before', () => {
    expect(choose({ held: [2, 3, 4], free: [5], wish: wish('direct') })).toEqual([2]);
    expect(choose({ held: [2, 3], free: [9], wish: wish('bulk', true) }, BULK)).toEqual([2]);
  });

  test('nothing more is given while lanes given before are on their way', () => {
    const given = choose({ held: [2, 3, 4], wish: wish('direct') }, { mayGive: false });

    expect(given).toEqual([2, 3, 4]);
  });

  test('groups are given no lane that they may not have', () => {
    expect(choose({ held: [0, 1], wish: wish('bulk', true) })).toEqual([0, 1]);
    expect(choose({ held: [0, 1, 7], wish: wish('bulk', true) })).toEqual([0, 1]);
  });

  test('one that they may not have is not left to groups either', () => {
    expect(choose({ held: [0], free: [1, 7], wish: wish('bulk') })).toEqual([0, 1]);
  });

  test('the only one is kept from whoever sends the same', () => {
    expect(choose({ held: [9], wish: wish('direct') })).toEqual([9]);
    expect(choose({ held: [0], wish: wish('bulk') }, { ...BULK, laneCount: 1 })).toEqual([0]);
  });

  test('the last lane goes to those whose jobs nobody can send, and no other does', () => {
    const starving = wish('direct', true);

    expect(choose({ held: [0], wish: starving }, { ...BULK, laneCount: 1 })).toEqual([]);
    expect(choose({ held: [1], wish: starving }, { ...BULK, laneCount: 2 })).toEqual([]);
    expect(choose({ held: [0], wish: starving }, { ...BULK, laneCount: 2 })).toEqual([0]);
    // somebody has a lane for such jobs
    expect(choose({ held: [1], wish: wish('direct') }, { ...BULK, laneCount: 2 })).toEqual([1]);
  });

  test('a free lane is left to those whose jobs nobody can send', () => {
    const starving = wish('bulk', true);

    expect(choose({ free: [0], wish: starving }, { laneCount: 1 })).toEqual([]);
    expect(choose({ free: [0], wish: starving }, { ...BULK, laneCount: 1 })).toEqual([0]);
    // unless they may not have it
    expect(choose({ free: [0, 2], wish: starving })).toEqual([0]);
  });

  test('two who both wish never leave a lane to each other', () => {
    const direct = choose({ free: [0], wish: wish('bulk') }, { laneCount: 1 });
    const bulk = choose({ free: [0], wish: wish('direct') }, { ...BULK, laneCount: 1 });

    expect([direct, bulk]).toEqual([[0], [0]]);
  });

  test('only lanes that are held or free and fit are leased, none twice, and who has one or may have one gets one', () => {
    const cases = fc
      .record({
        rate: rates,
        lane: fc.constantFrom<Lane>('direct', 'bulk'),
        wish: fc.option(
          fc.record({ by: fc.constantFrom<Lane>('direct', 'bulk'), hasNone: fc.boolean() }),
          { nil: undefined },
        ),
        isShort: fc.boolean(),
        mayGive: fc.boolean(),
      })
      .chain((drawn) => {
        const laneCount = laneCredits(drawn.rate).length;
        const states = fc.constantFrom('held', 'free', 'taken');
        return fc.tuple(
          fc.constant({ ...drawn, laneCount }),
          fc.array(states, { minLength: laneCount, maxLength: laneCount }),
        );
      });
    fc.assert(
      fc.property(cases, ([{ wish: wished, ...holder }, states]) => {
        const fits = (index: number) =>
          holder.lane === 'direct' || !isReservedForDirect(index, states.length);
        const where = (state: string) =>
          [...states.keys()].filter((index) => states[index] === state);
        const [held, free] = [where('held').filter(fits), where('free')];

        const chosen = lanesToLease({ held, free, ...(wished && { wish: wished }) }, holder);

        expect(new Set(chosen).size).toBe(chosen.length);
        expect([...held, ...free.filter(fits)]).toEqual(expect.arrayContaining([...chosen]));
        const isTheirTurn = wished?.hasNone === true && wished.by !== holder.lane;
        if (!isTheirTurn && held.length + free.filter(fits).length > 0) {
          expect(chosen).not.toEqual([]);
        }
      }),
    );
  });
});
