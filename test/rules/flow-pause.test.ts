import fc from 'fast-check';
import type { Lane } from '../../lib/model/push-job';
import { createFlowPause, MAX_PAUSE_MS } from '../../lib/rules/flow-pause';
import { NOW } from '../support/builders';
import { type Overload, playOverload } from '../support/queue-under-overload';

const LATER = NOW + 86_400_000;
const aJob = { units: 1, expiresAt: LATER, ratePerSecond: 10, jitter: 0 };

/** A container that has sent so many units in each of the last ten seconds. */
function aSender(unitsPerSecond: number) {
  const pause = createFlowPause('bulk');
  for (let second = 10; second > 0; second -= 1) pause.passed(unitsPerSecond, NOW - second * 1_000);
  return pause;
}

test('jobs come back one after the other, about as fast as this container has been sending', () => {
  const pause = aSender(10);

  const pauses = Array.from({ length: 130 }, () => pause.turnedAway(aJob, NOW));

  // 13 for each 10 credits
  const after = (seconds: number) => pauses.filter((ms) => ms <= seconds * 1_000).length;
  expect([after(2), after(5), after(10)].map((count) => Math.round(count / 13))).toEqual([
    2, 5, 10,
  ]);
});

test('a large job takes as long as many small ones', () => {
  const [one, many] = [aSender(10), aSender(10)];

  const large = one.turnedAway({ ...aJob, units: 60 }, NOW);
  const small = Array.from({ length: 60 }, () => many.turnedAway(aJob, NOW));

  expect(large).toBeCloseTo(small.at(-1) ?? 0, -1);
  expect(one.turnedAway(aJob, NOW)).toBeGreaterThan(large);
});

test('who was given no credit reckons with a part of the limit, and who sends more with that', () => {
  const wait = (unitsPerSecond: number, ratePerSecond: number) =>
    aSender(unitsPerSecond).turnedAway({ ...aJob, units: 20, ratePerSecond }, NOW);

  expect(wait(0, 10)).toBeGreaterThan(wait(0, 20));
  expect(wait(0, 10)).toBeGreaterThan(wait(5, 10));
});

test('what comes back and is turned away again is not waited for twice', () => {
  const pause = aSender(10);
  const first = Array.from({ length: 100 }, () => pause.turnedAway(aJob, NOW));
  const back = NOW + Math.max(...first) + 1_000;

  const again = Array.from({ length: 5 }, () => pause.turnedAway(aJob, back));

  expect(Math.max(...again)).toBeLessThan(Math.max(...first) / 2);
});

test('what expires soon comes back in the middle of its life', () => {
  const pause = aSender(1);
  for (let turn = 0; turn < 40; turn += 1) pause.turnedAway(aJob, NOW);

  expect(pause.turnedAway({ ...aJob, expiresAt: NOW + 10_000 }, NOW)).toBe(5_000);
});

test('whatever happens, a pause is between a second and the longest', () => {
  const steps = fc.array(
    fc.record({
      afterMs: fc.nat(40_000),
      passed: fc.nat(50),
      units: fc.integer({ min: 1, max: 1_000 }),
      ratePerSecond: fc.integer({ min: 1, max: 5_000 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      lifeMs: fc.nat(100_000),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom<Lane>('direct', 'bulk'), steps, (lane, all) => {
      const pause = createFlowPause(lane);
      let now = NOW;
      for (const { afterMs, passed, lifeMs, ...job } of all) {
        now += afterMs;
        if (passed > 0) pause.passed(passed, now);
        const pauseMs = pause.turnedAway({ ...job, expiresAt: now + lifeMs }, now);

        expect(pauseMs).toBeGreaterThanOrEqual(1_000);
        expect(pauseMs).toBeLessThanOrEqual(MAX_PAUSE_MS[lane]);
      }
    }),
  );
});

describe('under ten times the limit', () => {
  const asBefore = () => ({
    passed: () => undefined,
    turnedAway: ({ jitter }: { jitter: number }) => 1_000 * (1 + jitter),
  });
  const ten = {
    offeredPerSecond: 200,
    ratePerSecond: 20,
    seconds: 20,
    containers: 10,
    batchSize: 10,
  };

  test.each<[string, Overload]>([
    ['ten containers', ten],
    ['five containers', { ...ten, containers: 5, ratePerSecond: 10, offeredPerSecond: 100 }],
    ['large batches', { ...ten, ratePerSecond: 100, offeredPerSecond: 1_000, batchSize: 50 }],
    ['half of the containers without credit', { ...ten, served: 5 }],
    ['many containers', { ...ten, offeredPerSecond: 40, seconds: 60, containers: 20 }],
  ])('the senders never run dry, and turn few jobs away twice: %s', (_what, overload) => {
    const played = playOverload(overload, () => createFlowPause('bulk'));

    expect(played.sent).toBe(played.total);
    expect(played.drainOfIdeal).toBeLessThan(1.05);
    expect(played.putBacksPerJob).toBeLessThan(5);
    expect(played.putBacksPerJob).toBeLessThan(
      0.9 * playOverload(overload, asBefore).putBacksPerJob,
    );
  });

  test('the last of chat comes back sooner, and goes round less than with a delay of its own', () => {
    const played = playOverload(ten, () => createFlowPause('direct'));

    expect(played.sent).toBe(played.total);
    expect(played.drainOfIdeal).toBeLessThan(1.02);
    expect(played.putBacksPerJob).toBeLessThan(0.95 * playOverload(ten, asBefore).putBacksPerJob);
  });
});
