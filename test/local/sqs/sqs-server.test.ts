import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type RunningSqs, startSqs } from '../../../local/sqs/sqs-server';

let sqs: RunningSqs;
let client: SQSClient;
let queues = 0;

function clientOf(endpoint: string): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint, region: 'us-east-1', credentials });
}

beforeAll(async () => {
  sqs = await startSqs();
  client = clientOf(sqs.url);
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

/** A new queue, by its URL. */
async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
  queues += 1;
  const { QueueUrl = '' } = await client.send(
    new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes: attributes }),
  );
  return QueueUrl;
}

const send = (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

async function receive(
  QueueUrl: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

async function counts(QueueUrl: string): Promise<number[]> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return [
    Number(Attributes?.ApproximateNumberOfMessages),
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  ];
}

test('a queue has an address the client can reach as it is', async () => {
  const url = await createQueue();

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/queue-\d+$/);
  const QueueName = url.split('/').pop();
  expect(await client.send(new GetQueueUrlCommand({ QueueName }))).toMatchObject({ QueueUrl: url });
  const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
  expect(QueueUrls).toContain(url);
});

test('a message arrives as it was sent, with what SQS knows of it', async () => {
  const url = await createQueue();
  const MessageAttributes = {
    appKey: { DataType: 'String', StringValue: 'demo' },
    size: { DataType: 'Number', StringValue: '3' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 255]) },
  };
  await send(url, 'text 😀 证书', {
    MessageAttributes,
    MessageGroupId: 'g',
    MessageSystemAttributes: {
      AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5-6' },
    },
  });

  const [message] = await receive(url, {
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });

  expect(message).toMatchObject({
    Body: 'text 😀 证书',
    MessageAttributes: {
      ...MessageAttributes,
      blob: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
    },
    Attributes: {
      SenderId: '000000000000',
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      MessageGroupId: 'g',
      AWSTraceHeader: 'Root=1-5-6',
    },
  });
});

test('only the attributes asked for are told', async () => {
  const url = await createQueue({ VisibilityTimeout: '0' });
  const text = { DataType: 'String', StringValue: 'x' };
  await send(url, 'a', { MessageAttributes: { 'a.one': text, 'a.two': text, b: text } });

  const [none] = await receive(url);
  const [some] = await receive(url, {
    MessageAttributeNames: ['a.*'],
    MessageSystemAttributeNames: ['SentTimestamp'],
  });

  expect(none).not.toHaveProperty('MessageAttributes');
  expect(none).not.toHaveProperty('Attributes');
  expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['a.one', 'a.two']);
  expect(Object.keys(some?.Attributes ?? {})).toEqual(['SentTimestamp']);
});

test('a received message is hidden, comes back unless deleted, and an old handle deletes nothing', async () => {
  const url = await createQueue({ VisibilityTimeout: '1' });
  await send(url, 'a');
  const [first] = await receive(url);
  expect(await receive(url)).toEqual([]);
  expect(await counts(url)).toEqual([0, 1, 0]);

  const started = Date.now();
  const [again] = await receive(url, {
    WaitTimeSeconds: 3,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });

  expect(Date.now() - started).toBeLessThan(1_300);
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  await client.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }),
  );
  expect(await counts(url)).toEqual([0, 1, 0]);
  await client.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }),
  );
  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('visibility can be changed while a message is in flight, and not after', async () => {
  const url = await createQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  const change = (VisibilityTimeout: number) =>
    client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      }),
    );

  await change(100);
  expect(await receive(url)).toEqual([]);
  await change(0);
  await expect(change(10)).rejects.toThrow('not in flight');

  expect(await receive(url)).toHaveLength(1);
});

test('a long poll ends the moment a message comes, and with nothing when none does', async () => {
  const url = await createQueue();
  const started = Date.now();
  const poll = receive(url, { WaitTimeSeconds: 10 });
  await delay(100);
  await send(url, 'a');

  expect(await poll).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(await receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
});

test('a delayed message comes when it is due', async () => {
  const url = await createQueue();
  await send(url, 'a', { DelaySeconds: 1 });
  expect(await counts(url)).toEqual([0, 0, 1]);

  const started = Date.now();
  expect(await receive(url, { WaitTimeSeconds: 3 })).toHaveLength(1);

  expect(Date.now() - started).toBeGreaterThan(700);
});

test('after its share of receives a message goes to the dead-letter queue and says where from', async () => {
  const dead = await createQueue();
  const deadArn = `arn:aws:sqs:us-east-1:000000000000:${dead.split('/').pop()}`;
  const url = await createQueue({
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 }),
  });
  const { MessageId } = await send(url, 'bad');

  const received = [await receive(url), await receive(url), await receive(url)];

  expect(received.map((messages) => messages.length)).toEqual([1, 1, 0]);
  expect(await counts(url)).toEqual([0, 0, 0]);
  const [letter] = await receive(dead, { MessageSystemAttributeNames: ['All'] });
  expect(letter).toMatchObject({
    MessageId,
    Body: 'bad',
    Attributes: {
      DeadLetterQueueSourceArn: `arn:aws:sqs:us-east-1:000000000000:${url.split('/').pop()}`,
    },
  });
  const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  expect(sources.queueUrls).toEqual([url]);
});

test('in a batch every entry succeeds or fails by itself', async () => {
  const url = await createQueue();
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'control', MessageBody: 'a\u0000' },
        { Id: 'late', MessageBody: 'a', DelaySeconds: 901 },
        { Id: 'delayed', MessageBody: 'b', DelaySeconds: 900 },
      ],
    }),
  );

  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good', 'delayed']);
  expect(sent.Failed).toEqual([
    expect.objectContaining({ Id: 'late', Code: 'InvalidParameterValue', SenderFault: true }),
    expect.objectContaining({ Id: 'control', Code: 'InvalidMessageContents' }),
  ]);
  const [message] = await receive(url);
  const deleted = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: '1', ReceiptHandle: message?.ReceiptHandle },
        { Id: '2', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect(deleted).toMatchObject({
    Successful: [{ Id: '1' }],
    Failed: [{ Id: '2', Code: 'ReceiptHandleIsInvalid' }],
  });
  expect(await counts(url)).toEqual([0, 0, 1]);
});

test('what SQS refuses is refused', async () => {
  const url = await createQueue({ MaximumMessageSize: '2048' });
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `${index}`, MessageBody: 'a' }));
  const batch = (Entries: { Id: string; MessageBody: string }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));

  await expect(send(url, 'a', { DelaySeconds: 901 })).rejects.toThrow('must be <= 900');
  await expect(send(url, '')).rejects.toThrow('MessageBody');
  await expect(send(url, '\ud800')).rejects.toThrow('Invalid characters');
  await expect(send(url, 'x'.repeat(2_049))).rejects.toThrow('shorter than 2048 bytes');
  await expect(send(`${url}-not`, 'a')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
  await expect(batch(entries(11))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  await expect(batch([...entries(1), ...entries(1)])).rejects.toMatchObject({
    name: 'BatchEntryIdsNotDistinct',
  });
  await expect(receive(url, { MaxNumberOfMessages: 11 })).rejects.toThrow('MaxNumberOfMessages');
  await expect(createQueue({ VisibilityTimeout: '50000' })).rejects.toThrow('VisibilityTimeout');
});

test('making the same queue again changes nothing, another one under its name is refused', async () => {
  const url = await createQueue({ VisibilityTimeout: '5' });
  const QueueName = url.split('/').pop();
  const again = (VisibilityTimeout: string) =>
    client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout } }));

  expect(await again('5')).toMatchObject({ QueueUrl: url });
  await expect(again('6')).rejects.toMatchObject({ name: 'QueueNameExists' });
});

test('purging leaves nothing, ready, delayed or in flight', async () => {
  const url = await createQueue();
  await send(url, 'a');
  await receive(url);
  await send(url, 'b');
  await send(url, 'c', { DelaySeconds: 10 });
  expect(await counts(url)).toEqual([1, 1, 1]);

  await client.send(new PurgeQueueCommand({ QueueUrl: url }));

  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('a message older than the queue keeps is gone', async () => {
  const queue = sqs.createQueue('short-lived', {
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 60,
    delaySeconds: 0,
    maximumMessageBytes: 1_024,
    receiveWaitSeconds: 0,
    redrive: undefined,
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
    const own = clientOf(running.url);
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
  const own = clientOf(closing.url);
  const { QueueUrl } = await own.send(new CreateQueueCommand({ QueueName: 'q' }));
  const poll = own.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await delay(100);

  const started = Date.now();
  await closing.close();

  expect((await poll).Messages).toBeUndefined();
  expect(Date.now() - started).toBeLessThan(2_000);
  own.destroy();
});
