import * as v from 'valibot';
import type { Counts, Traffic } from './cost-model';

const row = v.looseObject({
  kind: v.string(),
  pushes: v.number(),
  'API calls': v.number(),
  invocations: v.number(),
  'DynamoDB units': v.number(),
  'SQS requests': v.number(),
  'units per push': v.number(),
});
const schema = v.looseObject({
  measuredAt: v.string(),
  unitsByTraceLevel: v.record(v.string(), v.array(row)),
});

/** Counts of the bench for one kind of traffic, `bench/results.json`. */
export type MeasuredRow = v.InferOutput<typeof row>;

/** What `bench/results.json` says of billable units. */
export type Measured = v.InferOutput<typeof schema>;

/** Reads the results of the bench; throws, naming the field, when they are not as the bench writes them. */
export function readMeasured(results: unknown): Measured {
  return v.parse(schema, results);
}

const BENCH = {
  vendors: 1,
  batchId: false,
  viaQueue: false,
  oneTokenShare: 0,
  tokenBytes: 12,
  roundTripMs: 1,
  receiptShare: 0,
} as const;
const ALONE = { recipients: 1, pushesPerRecipient: 1, eventsPerCall: 1 } as const;
const GROUP = { eventsPerCall: 1, messagesPerSecond: 2 } as const;

type Kind = Omit<Traffic, 'messages' | 'trace'>;

/** The traffic of each kind that the bench measures, as the model sees it. */
const KINDS: Readonly<Record<string, Kind>> = {
  '1-to-1, a lone one': { ...BENCH, ...ALONE, messagesPerSecond: 1 },
  '1-to-1, one event a call': { ...BENCH, ...ALONE, messagesPerSecond: 100 },
  '1-to-1, one event a call, senders idle': { ...BENCH, ...ALONE, messagesPerSecond: 100 },
  '1-to-1, 100 events a call': {
    ...BENCH,
    ...ALONE,
    eventsPerCall: 100,
    messagesPerSecond: 1_000,
  },
  '1-to-1, 100 events a call, batchId': {
    ...BENCH,
    ...ALONE,
    eventsPerCall: 100,
    batchId: true,
    messagesPerSecond: 1_000,
  },
  'group of 500, 350 offline': {
    ...BENCH,
    ...GROUP,
    recipients: 500,
    pushesPerRecipient: 0.7,
  },
  'group of 1,000, all offline': {
    ...BENCH,
    ...GROUP,
    recipients: 1_000,
    pushesPerRecipient: 1,
  },
  'group of 10,000, 9,850 offline': {
    ...BENCH,
    ...GROUP,
    recipients: 10_000,
    pushesPerRecipient: 0.985,
  },
};

/**
 * The traffic of a measured row; undefined when the model knows none of that name. How many jobs a sender got at once
 * is not the service's doing, so it is taken from the row.
 */
export function trafficOf(measured: MeasuredRow, trace: string): Traffic | undefined {
  const kind = KINDS[measured.kind];
  if (kind === undefined || (trace !== 'off' && trace !== 'failures' && trace !== 'full')) {
    return undefined;
  }
  const calls = measured['API calls'];
  const jobs = measured.pushes / calls > 1 ? undefined : measured.pushes;
  const batches = measured.invocations - calls;
  return {
    ...kind,
    trace,
    messages: calls * kind.eventsPerCall,
    ...(jobs === undefined ? {} : { jobsPerInvocation: Math.max(1, jobs / batches) }),
  };
}

/**
 * The measured row whose traffic is just this. None for single messages: what they cost hangs on how fast they come, and
 * the bench's come as fast as they can.
 */
export function rowFor(traffic: Traffic, { unitsByTraceLevel }: Measured): MeasuredRow | undefined {
  const isPaced = traffic.recipients === 1 && traffic.eventsPerCall === 1;
  return unitsByTraceLevel[traffic.trace]?.find(({ kind }) => {
    const known = KINDS[kind];
    return known !== undefined && !isPaced && SAME.every((name) => traffic[name] === known[name]);
  });
}

const SAME = [
  'recipients',
  'pushesPerRecipient',
  'eventsPerCall',
  'batchId',
  'viaQueue',
  'vendors',
] as const;

/**
 * What the bench counted takes the place of what the model reckons. The bench does not tell reads from writes: half a
 * unit is read of each recipient, all else is taken for writes, which cost five times as much.
 */
export function withMeasured(counts: Counts, traffic: Traffic, measured: MeasuredRow): Counts {
  const scale = counts.pushes / measured.pushes;
  const reads = (traffic.messages * traffic.recipients) / 2;
  return {
    ...counts,
    apiRequests: measured['API calls'] * scale,
    lambdaRequests: measured.invocations * scale,
    sqsRequests: measured['SQS requests'] * scale,
    readUnits: reads,
    writeUnits: measured['DynamoDB units'] * scale - reads,
  };
}
