import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Counts, countUnits, type Traffic, unitsPerPush } from '../../bench/cost/cost-model';
import { readMeasured, rowFor, trafficOf, withMeasured } from '../../bench/cost/measured';

/** What the formula may be off by: it knows nothing of what a container reads when it is new. */
const TOLERANCE = 0.25;

const measured = readMeasured(JSON.parse(readFileSync('bench/results.json', 'utf8')));
const known = Object.entries(measured.unitsByTraceLevel).flatMap(([trace, rows]) =>
  rows.flatMap((row) => {
    const traffic = trafficOf(row, trace);
    return traffic === undefined ? [] : [{ trace, kind: row.kind, row, traffic }];
  }),
);

test('single messages, lists and groups were measured, with the trace off and in full', () => {
  for (const level of ['off', 'full']) {
    const kinds = known.filter(({ trace }) => trace === level).map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        '1-to-1, a lone one',
        '1-to-1, one event a call',
        '1-to-1, 100 events a call',
        '1-to-1, 100 events a call, batchId',
        'group of 500, 350 offline',
        'group of 10,000, 9,850 offline',
      ]),
    );
  }
});

test.each(known)('the formula agrees with the bench: $kind, trace $trace', ({ row, traffic }) => {
  const counts = countUnits(traffic);

  expect(counts.pushes).toBeCloseTo(row.pushes);
  expect(counts.apiRequests).toBe(row['API calls']);
  expect(Math.abs(unitsPerPush(counts) / row['units per push'] - 1)).toBeLessThan(TOLERANCE);
});

test.each(known.filter(({ row }) => row.pushes > row['API calls']))(
  'what was measured is told instead of what is reckoned: $kind, trace $trace',
  ({ row, traffic }) => {
    const month: Traffic = { ...traffic, messages: traffic.messages * 1_000 };
    expect(rowFor(month, measured)).toBe(row);

    const counts = withMeasured(countUnits(month), month, row);

    expect(unitsPerPush(counts) / row['units per push']).toBeCloseTo(1, 1);
    expect(counts.readUnits + counts.writeUnits).toBeCloseTo(1_000 * row['DynamoDB units']);
    expect(rowFor({ ...month, vendors: 6 }, measured)).toBeUndefined();
  },
);

const traffics = fc.record<Traffic>({
  messages: fc.integer({ min: 1_000, max: 1e9 }),
  messagesPerSecond: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
  recipients: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 10_000 })),
  pushesPerRecipient: fc.double({ min: 0.05, max: 3, noNaN: true }),
  eventsPerCall: fc.integer({ min: 1, max: 100 }),
  batchId: fc.boolean(),
  viaQueue: fc.boolean(),
  trace: fc.constantFrom('off', 'failures', 'full'),
  vendors: fc.integer({ min: 1, max: 9 }),
  oneTokenShare: fc.double({ min: 0, max: 1, noNaN: true }),
  tokenBytes: fc.integer({ min: 10, max: 300 }),
  roundTripMs: fc.integer({ min: 1, max: 300 }),
  receiptShare: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('every count is a number, and the read of each recipient is in it', () => {
  fc.assert(
    fc.property(traffics, (traffic) => {
      const counts = countUnits(traffic);

      for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0);
      expect(counts.readUnits).toBeGreaterThanOrEqual((traffic.messages * traffic.recipients) / 2);
    }),
  );
});

test('twice the messages at the same pace are twice of everything', () => {
  fc.assert(
    fc.property(traffics, (traffic) => {
      const once = countUnits(traffic);
      const twice = countUnits({ ...traffic, messages: 2 * traffic.messages });

      for (const name of Object.keys(once) as (keyof Counts)[]) {
        expect(twice[name]).toBeCloseTo(
          2 * once[name],
          -Math.floor(Math.log10(once[name] + 1)) + 6,
        );
      }
    }),
  );
});

test.each<[string, Partial<Traffic>, Partial<Traffic>, keyof Counts]>([
  ['a batchId saves writes', { batchId: true }, { batchId: false }, 'writeUnits'],
  ['no trace saves writes', { trace: 'off' }, { trace: 'full' }, 'writeUnits'],
  ['the queue saves calls of the API', { viaQueue: true }, { viaQueue: false }, 'apiRequests'],
  ['lists save calls of the API', { eventsPerCall: 100 }, { eventsPerCall: 10 }, 'apiRequests'],
  ['lists save invocations', { eventsPerCall: 100 }, { eventsPerCall: 1 }, 'lambdaRequests'],
  ['faster traffic saves invocations', { messagesPerSecond: 5_000 }, {}, 'lambdaRequests'],
])('%s', (_name, cheaper, dearer, count) => {
  const some: Traffic = {
    messages: 1e6,
    messagesPerSecond: 1,
    recipients: 1,
    pushesPerRecipient: 0.7,
    eventsPerCall: 20,
    batchId: false,
    viaQueue: false,
    trace: 'off',
    vendors: 6,
    oneTokenShare: 0.15,
    tokenBytes: 100,
    roundTripMs: 100,
    receiptShare: 0,
  };

  expect(countUnits({ ...some, ...cheaper })[count]).toBeLessThan(
    countUnits({ ...some, ...dearer })[count],
  );
});
