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
