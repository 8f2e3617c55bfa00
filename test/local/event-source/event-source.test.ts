import { setTimeout as delay } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import type { Queue } from '../../../local/sqs/queue';
import { bodiesOf, type FedQueues, numbers, send, startFedQueues } from '../../support/fed-queues';
import { waitUntil } from '../../support/wait-until';

let fed: FedQueues;
beforeAll(async () => {
  fed = await startFedQueues();
});
afterEach(() => fed.stop());
afterAll(() => fed.close());

const total = ({ counts }: Queue) => counts.ready + counts.delayed + counts['in-flight'];

test('records are as Lambda gives them', async () => {
  const queue = fed.createQueue();
  const events: SQSEvent[] = [];
  fed.feed(queue, (event) => void events.push(event));

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
  const queue = fed.createQueue();
  const waits: number[] = [];
  fed.feed(queue, (event) => {
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
  const queue = fed.createQueue();
  const batches: string[][] = [];
  fed.feed(queue, (event) => {
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
  const queue = fed.createQueue();
  fed.feed(queue, () => ({ batchItemFailures: [{ itemIdentifier: '' }] }), {
    reportsBatchItemFailures: false,
  });

  send(queue, 'a');

  await waitUntil(() => total(queue) === 0);
});

test('a failing function keeps the whole batch, until the queue gives it to the dead letters', async () => {
  const dead = fed.createQueue();
  const queue = fed.createQueue({
    redrive: { deadLetterTargetArn: dead.settings.arn, maxReceiveCount: 2 },
  });
  const receives: string[] = [];
  fed.feed(queue, (event) => {
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
  const queue = fed.createQueue({ visibilityTimeoutSeconds: 60 });
  let running = 0;
  let highest = 0;
  fed.feed(
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

test('closing deals with what was taken and takes no more', async () => {
  const queue = fed.createQueue();
  const done: string[] = [];
  const source = fed.feed(queue, async (event) => {
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
