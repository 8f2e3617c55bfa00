import { type Outcome, type Setting, simulate } from '../support/flow-simulation/simulate';
import { slidingWindow } from '../support/flow-simulation/vendor-limits';

// as share-holder.test.ts: who waits for whom, where there are many senders for a limit

function run(setting: Partial<Setting> & { readonly limit: number }): Outcome {
  return simulate({
    seed: 1,
    vendor: slidingWindow(setting.limit),
    containers: 10,
    seconds: 60,
    clocksApartMs: 50,
    stalls: true,
    patienceMs: 1_000,
    ...setting,
  });
}

describe.each([
  { limit: 20, perSecond: 4, least: 0.6 },
  { limit: 100, perSecond: 8, least: 0.8 },
  { limit: 1_000, perSecond: 50, least: 0.9 },
])('of a limit of $limit', ({ limit, perSecond, least }) => {
  const direct = 10;
  const outcome = () =>
    run({
      limit,
      containers: 2 * direct,
      lane: (index) => (index < direct ? 'direct' : 'bulk'),
      batch: (index) => (index < direct ? 1 : 50),
      gap: (chance, index) =>
        index < direct
          ? { ms: chance.around((1_000 * direct) / perSecond), isDone: true }
          : { ms: chance.between(15, 45), isDone: limit === 20 },
    });

  test('single messages seldom wait for groups that wait without end, and both use most of it', () => {
    const { refused, utilisation, waitsMs, away } = outcome();
    const median = waitsMs.direct[Math.floor(waitsMs.direct.length / 2)];

    expect(refused).toBe(0);
    expect(utilisation).toBeGreaterThan(least);
    expect(median).toBeLessThan(60);
    expect(away.direct / waitsMs.direct.length).toBeLessThan(0.15);
  });
});

test('ten containers with a batch of five each share a limit of 20', () => {
  const { refused, utilisation } = run({
    limit: 20,
    batch: 5,
    gap: (chance) => ({ ms: chance.between(15, 300), isDone: true }),
  });

  expect(refused).toBe(0);
  expect(utilisation).toBeGreaterThan(0.8);
});
