import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { startSqs } from '../../../local/sqs/sqs-server';
import {
  DEFAULT_BEHAVIOUR,
  sqsClientOf,
  startTestQueues,
  type TestQueues,
} from '../../support/test-queues';

let queues: TestQueues;

beforeAll(async () => {
  queues = await startTestQueues();
});
afterAll(() => queues.close());

test('purging leaves nothing, ready, delayed or in flight', async () => {
  const url = await queues.createQueue();
  await queues.send(url, 'a');
  await queues.receive(url);
  await queues.send(url, 'b');
  await queues.send(url, 'c', { DelaySeconds: 10 });
  expect(await queues.counts(url)).toEqual([1, 1, 1]);

  await queues.client.send(new PurgeQueueCommand({ QueueUrl: url }));

  expect(await queues.counts(url)).toEqual([0, 0, 0]);
});

test('a message older than the queue keeps is gone', async () => {
  const queue = queues.sqs.createQueue('short-lived', {
    ...DEFAULT_BEHAVIOUR,
    retentionSeconds: 60,
  });
  queue.send([{ body: 'a', attributes: {} }]);

  queue.dropExpired(Date.now() + 59_000);
  expect(queue.counts.ready).toBe(1);
  queue.dropExpired(Date.now() + 61_000);
  expect(queue.counts.ready).toBe(0);
});

test('messages of every state survive a restart in a folder, and nobody else may use it meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqs-'));
  const start = async () => {
    const running = await startSqs({ folder });
    const own = sqsClientOf(running.url);
    const { QueueUrl = '' } = await own.send(
      new CreateQueueCommand({ QueueName: 'kept', Attributes: { VisibilityTimeout: '600' } }),
    );
    const take = async () =>
      (await own.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages;
    return { running, own, QueueUrl, take };
  };

  const first = await start();
  const { QueueUrl } = first;
  const attributes = { k: { DataType: 'String', StringValue: 'v' } };
  for (const MessageBody of ['deleted', 'in flight', 'ready']) {
    await first.own.send(
      new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes: attributes }),
    );
    if (MessageBody === 'ready') break;
    const [message] = (await first.take()) ?? [];
    if (MessageBody === 'deleted') {
      await first.own.send(
        new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }),
      );
    }
  }
  await first.own.send(
    new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 100 }),
  );
  await expect(startSqs({ folder })).rejects.toThrow('locked');
  first.own.destroy();
  await first.running.close();

  const second = await start();
  const queue = second.running.find('kept');
  expect(queue?.counts).toEqual({ ready: 1, delayed: 1, 'in-flight': 1 });
  expect(await second.take()).toMatchObject([{ Body: 'ready' }]);
  second.own.destroy();
  await second.running.close();
  await rm(folder, { recursive: true });
});

test('closing ends the polls under way', async () => {
  const closing = await startSqs();
  const own = sqsClientOf(closing.url);
  const { QueueUrl } = await own.send(new CreateQueueCommand({ QueueName: 'q' }));
  const poll = own.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await delay(100);

  const started = Date.now();
  await closing.close();

  expect((await poll).Messages).toBeUndefined();
  expect(Date.now() - started).toBeLessThan(15_000);
  own.destroy();
});
