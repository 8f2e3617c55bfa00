import fc from 'fast-check';
import type { Climb } from '../../lib/model/shares';
import { changeClimb, START } from '../../lib/rules/climb';

const LIMIT = 1_000;

function climbing(climb: Partial<Climb>, cut = 200) {
  return { limit: LIMIT, cut, climb: { ...START, ...climb } };
}

test('a refusal is remembered, and the next trial is small', () => {
  const { putBack, to } = changeClimb(climbing({ stepShare: 0.04 }), 3, 7_000, true);

  expect(putBack).toBe(0);
  expect(to).toEqual({ changedAt: 7_000, waitMs: 5_000, stepShare: 0.005, isTrial: false });
});

test('some credits come back after a while, to who can use them', () => {
  expect(changeClimb(climbing({ changedAt: 1_000 }), 0, 5_999, true).putBack).toBe(0);
  expect(changeClimb(climbing({ changedAt: 1_000 }), 0, 6_000, false).putBack).toBe(0);
  expect(changeClimb(climbing({ changedAt: 1_000 }), 0, 6_000, true).putBack).toBe(5);
});

test('as long as nothing is refused more come back, and sooner, but never more than were taken', () => {
  let shares = climbing({ changedAt: 0 });
  const steps: number[] = [];
  for (let now = 5_000; shares.cut > 0; now += shares.climb.waitMs) {
    const { putBack, to } = changeClimb(shares, 0, now, true);
    if (to === undefined) throw new Error('nothing comes back');
    steps.push(putBack);
    shares = { ...shares, cut: shares.cut - putBack, climb: to };
  }

  expect(steps).toEqual([5, 5, 10, 20, 40, 50, 50, 20]);
  expect(shares.climb.waitMs).toBe(2_500);
});

test('after a trial that was refused the next one waits twice as long, a minute at most', () => {
  const waits = [5_000, 20_000, 50_000].map(
    (waitMs) => changeClimb(climbing({ waitMs, isTrial: true }), 1, 0, true).to?.waitMs,
  );

  expect(waits).toEqual([10_000, 40_000, 60_000]);
});

test('where nothing was taken nothing comes back', () => {
  expect(changeClimb(climbing({}, 0), 0, 1_000_000, true)).toEqual({ putBack: 0 });
});

test('whatever is refused, waits and steps stay in bounds, and no more comes back than was taken', () => {
  const acts = fc.array(
    fc.record({
      retired: fc.constantFrom(0, 0, 0, 1, 40),
      afterMs: fc.integer({ min: 0, max: 90_000 }),
    }),
    { maxLength: 60, size: 'max' },
  );
  fc.assert(
    fc.property(acts, (all) => {
      let shares = climbing({}, 0);
      let now = 0;
      for (const { retired, afterMs } of all) {
        now += afterMs;
        const { putBack, to } = changeClimb(shares, retired, now, true);
        expect(putBack).toBeGreaterThanOrEqual(0);
        expect(putBack).toBeLessThanOrEqual(Math.min(shares.cut, LIMIT / 20));
        if (retired > 0) expect(putBack).toBe(0);
        if (putBack > 0)
          expect(now - shares.climb.changedAt).toBeGreaterThanOrEqual(shares.climb.waitMs);
        shares = { ...shares, cut: shares.cut + retired - putBack, climb: to ?? shares.climb };
        expect(shares.climb.waitMs).toBeGreaterThanOrEqual(2_500);
        expect(shares.climb.waitMs).toBeLessThanOrEqual(60_000);
        expect(shares.climb.stepShare).toBeGreaterThanOrEqual(0.005);
        expect(shares.climb.stepShare).toBeLessThanOrEqual(0.05);
      }
    }),
  );
});

test('a limit too small for a step still gets one credit back at a time', () => {
  expect(changeClimb({ limit: 3, cut: 2, climb: START }, 0, 5_000, true).putBack).toBe(1);
});
