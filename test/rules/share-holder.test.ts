import fc from 'fast-check';
import { type Outcome, type Setting, simulate } from '../support/flow-simulation/simulate';
import {
  fixedWindow,
  slidingWindow,
  tokenBucket,
  type VendorLimit,
} from '../support/flow-simulation/vendor-limits';

// the real rules on a simulated time line: every run with the same seed is the same

const LIMIT = 1_000;

function run(setting: Partial<Setting>): Outcome {
  return simulate({
    seed: 1,
    vendor: slidingWindow(setting.limit ?? LIMIT),
    limit: LIMIT,
    containers: 5,
    seconds: 30,
    clocksApartMs: 50,
    stalls: true,
    ...setting,
  });
}

/** What all credits come to, less what they should: 0 if none was lost or made. */
function drift({ shares }: Outcome): number {
  if (shares === undefined) return Number.NaN;
  const held = [...shares.holders.values()].reduce((sum, { credits }) => sum + credits, 0);
  return shares.free + held - (shares.limit - shares.cut);
}

const VENDORS: readonly [string, (limit: number) => VendorLimit][] = [
  ['a strict sliding window', slidingWindow],
  ['fixed windows of unknown phase', fixedWindow],
  ['a token bucket with a burst of a tenth', tokenBucket],
];

describe.each(VENDORS)('under %s', (_name, vendor) => {
  test.each([2, 5, 20])('%i containers use the limit and break it never', (containers) => {
    const outcome = run({
      vendor: vendor(LIMIT),
      containers,
      batch: containers === 20 ? 100 : 300,
    });

    expect(outcome.refused).toBe(0);
    expect(outcome.utilisation).toBeGreaterThan(0.955);
    expect(drift(outcome)).toBe(0);
  });

  test('clocks a second apart change nothing', () => {
    const outcome = run({ vendor: vendor(LIMIT), clocksApartMs: 1_000 });

    expect(outcome.refused).toBe(0);
    expect(outcome.utilisation).toBeGreaterThan(0.97);
  });

  test('a container that dies every 20 s leaves its share to the others', () => {
    const outcome = run({ vendor: vendor(LIMIT), killEveryMs: 20_000, seconds: 60 });

    expect(outcome.refused).toBe(0);
    expect(outcome.utilisation).toBeGreaterThan(0.92);
    expect(drift(outcome)).toBe(0);
  });
});

test('four containers write less than five times for 1,000 requests', () => {
  const { writes, accepted } = run({ containers: 4, seconds: 60 });

  expect((1_000 * writes) / accepted).toBeLessThan(5);
});

test('groups alone get nearly all of the limit', () => {
  expect(run({ lane: () => 'bulk' }).utilisation).toBeGreaterThan(0.96);
});

test('calls and 1-to-1 messages that come seldom take little from groups', () => {
  const { utilisation, refused } = run({
    containers: 10,
    lane: (index) => (index < 5 ? 'direct' : 'bulk'),
    batch: (index) => (index < 5 ? 5 : 300),
    gap: (chance, index) =>
      index < 5
        ? { ms: 200 + chance.around(1_500), isDone: true }
        : { ms: chance.between(15, 45), isDone: false },
  });

  expect(refused).toBe(0);
  expect(utilisation).toBeGreaterThan(0.94);
});

test('where containers with a share have nothing to do, the others use most of it', () => {
  const { utilisation, refused } = run({
    containers: 10,
    seconds: 60,
    gap: (chance) =>
      chance.happens(0.4)
        ? { ms: 30 + chance.around(1_500), isDone: true }
        : { ms: chance.between(15, 45), isDone: false },
  });

  expect(refused).toBe(0);
  expect(utilisation).toBeGreaterThan(0.86);
});

test('requests of a third of the limit each fill it', () => {
  const outcome = run({
    limit: 3_000,
    vendor: slidingWindow(3_000),
    weight: 1_000,
    batch: 5,
    lane: () => 'bulk',
  });

  expect(outcome.refused).toBe(0);
  expect(outcome.utilisation).toBeGreaterThan(0.95);
});

test('a limit that is lower than configured is learned, and then used', () => {
  const outcome = run({ vendor: slidingWindow(800), seconds: 60 });

  // as many as there are credits too many, some more while it is found out, and a trial now and then
  expect(outcome.refused).toBeLessThan(400);
  expect(outcome.utilisation / 0.8).toBeGreaterThan(0.97);
});

test('minutes in which the vendor refuses everything are over soon after they end', () => {
  const outcome = run({
    warmSeconds: 0,
    seconds: 240,
    everySecond: (second, vendor) => {
      vendor.limit = second >= 20 && second < 140 ? 0 : 1_000;
    },
  });
  const [at200 = 0] = outcome.perSecond.slice(200);

  expect(at200).toBeGreaterThan(700);
  expect(drift(outcome)).toBe(0);
});

/** Two containers with single messages beside two with groups, whose requests would count a thousand. */
function runBoth(setting: Partial<Setting> & { readonly limit: number; readonly takes: number }) {
  const singles = { sent: 0 };
  const window = slidingWindow(setting.takes);
  const vendor: VendorLimit = {
    limit: setting.takes,
    admit(at, units) {
      const isTaken = window.admit(at, units);
      if (isTaken && units === 1) singles.sent += 1;
      return isTaken;
    },
  };
  const outcome = run({
    vendor,
    containers: 4,
    lane: (index) => (index < 2 ? 'direct' : 'bulk'),
    weight: (index) => (index < 2 ? 1 : 1_000),
    largestRequest: 1_000,
    warmSeconds: 0,
    ...setting,
  });
  const { accepted, refused } = outcome;
  return { singles: singles.sent, groups: accepted - singles.sent, refused, drift: drift(outcome) };
}

test('single messages are sent beside groups whose requests are a third of the limit', () => {
  const sent = runBoth({ limit: 3_000, takes: 3_000, batch: (index) => (index < 2 ? 10 : 5) });

  expect(sent.refused).toBe(0);
  expect(sent.singles / 30).toBeGreaterThan(200);
  expect(sent.groups).toBeGreaterThan(30 * 1_000);
});

test.each([
  ['configured', 500],
  ['learned', 3_000],
])('under a %s limit of half a request groups and single messages are sent', (_how, limit) => {
  const sent = runBoth({
    ...{ limit, takes: 500, seconds: 120 },
    batch: (index) => (index < 2 ? 2 : 5),
    gap: (chance, index) => ({ ms: index < 2 ? 300 : chance.between(15, 45), isDone: false }),
  });

  // those are some 12 a second
  expect(sent.singles / 120).toBeGreaterThan(11);
  expect(sent.groups / 120).toBeGreaterThan(0.65 * 500);
  expect(sent.drift).toBe(0);
});

test('a limit that is cut and restored is followed down and up again', () => {
  const outcome = run({
    warmSeconds: 0,
    seconds: 150,
    everySecond: (second, vendor) => {
      vendor.limit = second >= 30 && second < 60 ? 800 : 1_000;
    },
  });
  const mean = (from: number, to: number): number =>
    outcome.perSecond.slice(from, to).reduce((sum, units) => sum + units, 0) / (to - from);

  expect(mean(10, 30)).toBeGreaterThan(960);
  expect(mean(35, 60)).toBeGreaterThan(760);
  expect(mean(130, 150)).toBeGreaterThan(940);
  expect(drift(outcome)).toBe(0);
});

test('whatever happens, no credit is lost or made, and no right limit is broken', () => {
  const settings = fc.record({
    seed: fc.integer({ min: 1, max: 100_000 }),
    containers: fc.integer({ min: 1, max: 12 }),
    limit: fc.constantFrom(1, 3, 10, 50, 300),
    clocksApartMs: fc.constantFrom(0, 50, 1_000),
    killEveryMs: fc.constantFrom(undefined, 700, 5_000),
    batch: fc.integer({ min: 1, max: 60 }),
    bulkEvery: fc.integer({ min: 1, max: 4 }),
    idle: fc.constantFrom(0, 0.3),
    losesAnswers: fc.constantFrom(0, 0.1),
  });
  fc.assert(
    fc.property(settings, ({ limit, bulkEvery, idle, killEveryMs, ...rest }) => {
      const outcome = run({
        ...rest,
        limit,
        vendor: slidingWindow(limit),
        warmSeconds: 0,
        seconds: 25,
        lane: (index) => (index % bulkEvery === 0 ? 'bulk' : 'direct'),
        gap: (chance) =>
          chance.happens(idle)
            ? { ms: chance.around(2_000), isDone: chance.happens(0.5) }
            : { ms: chance.between(5, 45), isDone: false },
        ...(killEveryMs === undefined ? {} : { killEveryMs }),
      });
      return outcome.refused === 0 && drift(outcome) === 0 && outcome.accepted > 0;
    }),
    { numRuns: 60 },
  );
});
