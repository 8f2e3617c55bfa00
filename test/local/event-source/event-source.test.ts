import { setTimeout as delay } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import {
  type EventSourceOptions,
  type RunningEventSource,
  startEventSource,
} from '../../../local/event-source/event-source';
import type { Queue } from '../../../local/sqs/queue';
import type { QueueBehaviour } from '../../../local/sqs/queue-settings';
import { type RunningSqs, startSqs } from '../../../local/sqs/sqs-server';
import { DEFAULT_BEHAVIOUR } from '../../support/test-queues';
import { waitUntil } from '../../support/wait-until';

let sqs: RunningSqs;
let queues = 0;
const sources: RunningEventSource[] = [];

beforeAll(async () => {
  sqs = await startSqs();
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
});
afterAll(() => sqs.close());

function createQueue(behaviour: Partial<QueueBehaviour> = {}): Queue {
  queues += 1;
  const settings = { ...DEFAULT_BEHAVIOUR, visibilityTimeoutSeconds: 1, ...behaviour };
  return sqs.createQueue(`queue-${queues}`, settings);
}

function feed(
  queue: Queue,
  invoke: (event: SQSEvent) => unknown,
  options: Partial<EventSourceOptions> = {},
): RunningEventSource {
  const source = startEventSource({
    queue,
    invoke: async (event) => invoke(event),
    region: 'us-east-1',
    accountId: '000000000000',
    batchSize: 10,
    batchingWindowSeconds: 0,
    reportsBatchItemFailures: true,
    ...options,
  });
  sources.push(source);
  return source;
}

const send = (queue: Queue, ...bodies: string[]) =>
  queue.send(bodies.map((body) => ({ body, attributes: {} })));
const bodiesOf = (event: SQSEvent) => event.Records.map(({ body }) => body);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const total = ({ counts }: Queue) => counts.ready + counts.delayed + counts['in-flight'];

test('records are as Lambda gives them', async () => {
  const queue = createQueue();
  const events: SQSEvent[] = [];
  feed(queue, (event) => void events.push(event));

  const [sent] = queue.send([
    {
      body: '{"text":"😀"}',
      attributes: {
        appKey: { DataType: 'String', StringValue: 'demo' },
        blob: { DataType: 'Binary', BinaryValue: 'AAE=' },
      },
    },
  ]);
  await waitUntil(() => total(queue) === 0);

  expect(events).toEqual([
    {
      Records: [
        {
          messageId: sent?.id,
          receiptHandle: expect.any(String),
          body: '{"text":"😀"}',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(sent?.sentAtMs),
            SenderId: '000000000000',
            ApproximateFirstReceiveTimestamp: expect.any(String),
          },
          messageAttributes: {
            appKey: {
              dataType: 'String',
              stringValue: 'demo',
              stringListValues: [],
              binaryListValues: [],
            },
            blob: {
              dataType: 'Binary',
              binaryValue: 'AAE=',
              stringListValues: [],
              binaryListValues: [],
            },
          },
          md5OfBody: sent?.md5OfBody,
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: queue.settings.arn,
          awsRegion: 'us-east-1',
        },
      ],
    },
  ]);
});

test('a message reaches an idle function without waiting for a poll', async () => {
  const queue = createQueue();
  const waits: number[] = [];
  feed(queue, (event) => {
    waits.push(Date.now() - Number(event.Records[0]?.body));
  });

  for (let count = 0; count < 20; count += 1) {
    send(queue, String(Date.now()));
    await delay(5);
  }

  expect(waits).toHaveLength(20);
  expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(500);
});

test('only what failed comes back, and only when its visibility ends', async () => {
  const queue = createQueue();
  const batches: string[][] = [];
  feed(queue, (event) => {
    batches.push(bodiesOf(event));
    const bad = event.Records.filter(
      ({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1',
    );
    return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });

  const started = Date.now();
  send(queue, 'a', 'bad', 'b');
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([['a', 'bad', 'b'], ['bad']]);
  expect(Date.now() - started).toBeGreaterThan(900);
});

test('an answer counts only if the mapping says that failures are reported', async () => {
  const queue = createQueue();
  feed(queue, () => ({ batchItemFailures: [{ itemIdentifier: '' }] }), {
    reportsBatchItemFailures: false,
  });

  send(queue, 'a');

  await waitUntil(() => total(queue) === 0);
});

test('a failing function keeps the whole batch, until the queue gives it to the dead letters', async () => {
  const dead = createQueue();
  const queue = createQueue({
    redrive: { deadLetterTargetArn: dead.settings.arn, maxReceiveCount: 2 },
  });
  const receives: string[] = [];
  feed(queue, (event) => {
    receives.push(...event.Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
    throw new Error('no');
  });

  send(queue, 'a', 'b');
  await waitUntil(() => dead.counts.ready === 2);

  expect(receives).toEqual(['1', '1', '2', '2']);
  expect(total(queue)).toBe(0);
});

test.each([
  [2, 20],
  [5, 100],
  [8, 150],
])('never more than %d batches at once, and that many under load', async (limit, messages) => {
  const queue = createQueue({ visibilityTimeoutSeconds: 60 });
  let running = 0;
  let highest = 0;
  feed(
    queue,
    async () => {
      running += 1;
      highest = Math.max(highest, running);
      await delay(10);
      running -= 1;
    },
    { maximumConcurrency: limit, batchSize: 1 },
  );

  send(queue, ...numbers(messages));
  await waitUntil(() => total(queue) === 0);

  expect(highest).toBe(limit);
});

test('a batching window collects more than one receive, and no window takes what is there', async () => {
  const batches: Record<string, number[]> = { window: [], none: [] };
  for (const [name, batchingWindowSeconds] of [
    ['window', 1],
    ['none', 0],
  ] as const) {
    const queue = createQueue({ visibilityTimeoutSeconds: 60 });
    feed(queue, (event) => void batches[name]?.push(event.Records.length), {
      batchingWindowSeconds,
      batchSize: batchingWindowSeconds > 0 ? 25 : 10,
      maximumConcurrency: 2,
    });
    send(queue, ...numbers(12));
    send(queue, ...numbers(12));
    await waitUntil(() => total(queue) === 0);
  }

  expect(batches['window']?.reduce((sum, count) => sum + count)).toBe(24);
  expect(Math.max(...(batches['window'] ?? []))).toBeGreaterThan(10);
  expect(Math.max(...(batches['none'] ?? []))).toBe(10);
});

test('a full batch does not wait for its window to end', async () => {
  const queue = createQueue({ visibilityTimeoutSeconds: 60 });
  const batches: number[] = [];
  feed(queue, (event) => void batches.push(event.Records.length), {
    batchingWindowSeconds: 300,
    batchSize: 50,
    maximumConcurrency: 1,
  });

  for (let call = 0; call < 10; call += 1) send(queue, ...numbers(10));
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([50, 50]);
});

test('what comes within the window goes with what was there', async () => {
  const queue = createQueue({ visibilityTimeoutSeconds: 60 });
  const batches: string[][] = [];
  feed(queue, (event) => void batches.push(bodiesOf(event)), {
    batchingWindowSeconds: 1,
    batchSize: 50,
    maximumConcurrency: 1,
  });

  send(queue, 'first');
  await delay(100);
  send(queue, 'second');
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([['first', 'second']]);
});

test('a batch too large for one event goes in several', async () => {
  const queue = createQueue();
  const batches: number[] = [];
  feed(queue, (event) => void batches.push(event.Records.length));

  send(queue, ...numbers(9).map((body) => body.repeat(1_000_000)));
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([4, 4, 1]);
});

test('closing deals with what was taken and takes no more', async () => {
  const queue = createQueue();
  const done: string[] = [];
  const source = feed(queue, async (event) => {
    await delay(100);
    done.push(...bodiesOf(event));
  });
  send(queue, 'a');
  await delay(20);

  const closed = source.close();
  send(queue, 'b');
  await closed;

  expect(done).toEqual(['a']);
  expect(queue.counts).toEqual({ ready: 1, delayed: 0, 'in-flight': 0 });
});
