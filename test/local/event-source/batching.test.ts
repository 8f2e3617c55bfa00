import { setTimeout as delay } from 'node:timers/promises';
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
test('a batching window collects more than one receive, and no window takes what is there', async () => {
  const batches: Record<string, number[]> = { window: [], none: [] };
  for (const [name, batchingWindowSeconds] of [
    ['window', 1],
    ['none', 0],
  ] as const) {
    const queue = fed.createQueue({ visibilityTimeoutSeconds: 60 });
    fed.feed(queue, (event) => void batches[name]?.push(event.Records.length), {
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
  const queue = fed.createQueue({ visibilityTimeoutSeconds: 60 });
  const batches: number[] = [];
  fed.feed(queue, (event) => void batches.push(event.Records.length), {
    batchingWindowSeconds: 300,
    batchSize: 50,
    maximumConcurrency: 1,
  });

  for (let call = 0; call < 10; call += 1) send(queue, ...numbers(10));
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([50, 50]);
});

test('what comes within the window goes with what was there', async () => {
  const queue = fed.createQueue({ visibilityTimeoutSeconds: 60 });
  const batches: string[][] = [];
  fed.feed(queue, (event) => void batches.push(bodiesOf(event)), {
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
  const queue = fed.createQueue();
  const batches: number[] = [];
  fed.feed(queue, (event) => void batches.push(event.Records.length));

  send(queue, ...numbers(9).map((body) => body.repeat(1_000_000)));
  await waitUntil(() => total(queue) === 0);

  expect(batches).toEqual([4, 4, 1]);
});
