import fc from 'fast-check';
import { type Credits, createCreditPool, WINDOW_MS } from '../../lib/rules/credit-pool';

describe('credits', () => {
  test('of a fresh lane are ready one by one over the first window', () => {
    const pool = createCreditPool([4]);
    pool.addLane(0, 1_000);

    expect(pool.take(1, 999)).toBeUndefined();
    expect(pool.take(1, 1_000)).toEqual([0]);
    expect(pool.take(1, 1_249)).toBeUndefined();
    expect(pool.take(2, 1_500)).toEqual([0, 0]);
    expect(pool.readyAt(1)).toBe(1_750);
    expect(pool.readyAt(2)).toBeUndefined();
  });

  test('come back one window after the answer', () => {
    const pool = createCreditPool([1]);
    pool.addLane(0, 0);
    const credits = pool.take(1, 0) ?? [];

    expect(pool.take(1, 60_000)).toBeUndefined();
    pool.giveBack(credits, 60_000);
    expect(pool.readyAt(1)).toBe(60_000 + WINDOW_MS);
    expect(pool.take(1, 60_999)).toBeUndefined();
    expect(pool.take(1, 61_000)).toEqual([0]);
  });

  test('are taken in the order in which they get ready, whichever lane they are of', () => {
    const pool = createCreditPool([1, 4]);
    pool.addLane(1, 0);
    pool.addLane(0, 240);

    expect(pool.take(1, 0)).toEqual([1]);
    expect(pool.take(1, 245)).toEqual([0]);
    expect(pool.take(1, 245)).toBeUndefined();
    expect(pool.take(1, 250)).toEqual([1]);
  });

  test('are taken all or not at all', () => {
    const pool = createCreditPool([2, 1]);
    pool.addLane(0, 0);
    pool.addLane(1, 0);

    expect(pool.take(4, 5_000)).toBeUndefined();
    expect(pool.take(3, 5_000)?.toSorted()).toEqual([0, 0, 1]);
    expect(pool.take(1, 5_000)).toBeUndefined();
  });

  test('of a dropped lane are not there, until it is added again', () => {
    const pool = createCreditPool([1, 1]);
    pool.addLane(0, 0);
    pool.addLane(1, 0);
    pool.dropLane(0);

    expect(pool.lanes()).toEqual([1]);
    expect(pool.take(2, 5_000)).toBeUndefined();
    pool.addLane(0, 5_000);
    expect(pool.take(2, 5_000)).toHaveLength(2);
  });

  test('in use when their lane is dropped are no sooner ready for a new lease', () => {
    const pool = createCreditPool([2]);
    pool.addLane(0, 0);
    const one = pool.take(1, 0) ?? [];
    const other = pool.take(1, 500) ?? [];
    pool.dropLane(0);
    pool.giveBack(one, 900);
    pool.addLane(0, 1_000);

    expect(pool.readyAt(1)).toBe(1_900);
    expect(pool.readyAt(2)).toBeUndefined();
    pool.giveBack(other, 2_000);
    expect(pool.readyAt(2)).toBe(3_000);
  });

  test('of a lane added twice are there once', () => {
    const pool = createCreditPool([1]);
    pool.addLane(0, 0);
    pool.addLane(0, 0);
    pool.take(1, 0);
    pool.addLane(0, 0);

    expect(pool.readyAt(1)).toBeUndefined();
  });
});

/** What can happen to a pool next; times are how long after the step before. */
const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.nat(40), fc.nat(1_500), fc.constantFrom(0, WINDOW_MS - 1, WINDOW_MS)),
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant('take' as const) },
      { weight: 4, arbitrary: fc.constant('answer' as const) },
      { weight: 1, arbitrary: fc.constantFrom('add' as const, 'drop' as const) },
    ),
    /** Weight to take, request to answer, or lane to add or drop. */
    which: fc.nat(5),
    /** When the request reached the vendor, between its start and its answer. */
    arrival: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  { minLength: 100, maxLength: 200 },
);
const lanes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

interface Sent {
  readonly credits: Credits;
  readonly at: number;
  readonly arrival: number;
}

test('no window of a second ever sees more than the lanes have, whatever comes when and wherever requests tarry', () => {
  fc.assert(
    fc.property(lanes, steps, (laneCredits, taken) => {
      const pool = createCreditPool(laneCredits);
      const limit = laneCredits.reduce((sum, one) => sum + one, 0);
      for (const lane of laneCredits.keys()) pool.addLane(lane, 0);
      const open: Sent[] = [];
      const arrivals: { at: number; weight: number }[] = [];
      let now = 0;
      const answer = ({ credits, at, arrival }: Sent): void => {
        pool.giveBack(credits, now);
        arrivals.push({ at: at + arrival * (now - at), weight: credits.length });
      };

      for (const { afterMs, what, which, arrival } of taken) {
        now += afterMs;
        const lane = which % laneCredits.length;
        if (what === 'add') pool.addLane(lane, now);
        else if (what === 'drop') pool.dropLane(lane);
        else if (what === 'answer') for (const sent of open.splice(which, 1)) answer(sent);
        else {
          const credits = pool.take((which % 3) + 1, now);
          if (credits !== undefined) open.push({ credits, at: now, arrival });
        }
      }
      for (const sent of open.splice(0)) answer(sent);

      for (const { at: end } of arrivals) {
        const inWindow = arrivals.filter(({ at }) => at > end - WINDOW_MS && at <= end);
        const units = inWindow.reduce((sum, { weight }) => sum + weight, 0);
        expect(units).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 500 },
  );
});

test('no credit is lost: once all answers are in, all are ready a window later', () => {
  fc.assert(
    fc.property(lanes, steps, (laneCredits, taken) => {
      const pool = createCreditPool(laneCredits);
      const limit = laneCredits.reduce((sum, one) => sum + one, 0);
      const open: Credits[] = [];
      let now = 0;

      for (const { afterMs, what, which } of taken) {
        now += afterMs;
        const lane = which % laneCredits.length;
        if (what === 'add') pool.addLane(lane, now);
        else if (what === 'drop') pool.dropLane(lane);
        else if (what === 'answer') {
          for (const credits of open.splice(which, 1)) pool.giveBack(credits, now);
        } else open.push(pool.take((which % 3) + 1, now) ?? []);
      }
      for (const credits of open) pool.giveBack(credits, now);
      for (const lane of laneCredits.keys()) pool.addLane(lane, now);

      expect(pool.readyAt(limit)).toBeLessThanOrEqual(now + WINDOW_MS);
      expect(pool.readyAt(limit + 1)).toBeUndefined();
    }),
  );
});
