import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
} from '@aws-sdk/client-sqs';
import { startTestQueues, type TestQueues } from '../../support/test-queues';

let queues: TestQueues;

beforeAll(async () => {
  queues = await startTestQueues();
});
afterAll(() => queues.close());

test('a queue has an address the client can reach as it is', async () => {
  const url = await queues.createQueue();

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/queue-\d+$/);
  const QueueName = url.split('/').pop();
  expect(await queues.client.send(new GetQueueUrlCommand({ QueueName }))).toMatchObject({
    QueueUrl: url,
  });
  const { QueueUrls } = await queues.client.send(
    new ListQueuesCommand({ QueueNamePrefix: QueueName }),
  );
  expect(QueueUrls).toContain(url);
});

test('a message arrives as it was sent, with what SQS knows of it', async () => {
  const url = await queues.createQueue();
  const MessageAttributes = {
    appKey: { DataType: 'String', StringValue: 'demo' },
    size: { DataType: 'Number', StringValue: '3' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 255]) },
  };
  await queues.send(url, 'text 😀 证书', {
    MessageAttributes,
    MessageGroupId: 'g',
    MessageSystemAttributes: {
      AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5-6' },
    },
  });

  const [message] = await queues.receive(url, {
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
  const url = await queues.createQueue({ VisibilityTimeout: '0' });
  const text = { DataType: 'String', StringValue: 'x' };
  await queues.send(url, 'a', { MessageAttributes: { 'a.one': text, 'a.two': text, b: text } });

  const [none] = await queues.receive(url);
  const [some] = await queues.receive(url, {
    MessageAttributeNames: ['a.*'],
    MessageSystemAttributeNames: ['SentTimestamp'],
  });

  expect(none).not.toHaveProperty('MessageAttributes');
  expect(none).not.toHaveProperty('Attributes');
  expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['a.one', 'a.two']);
  expect(Object.keys(some?.Attributes ?? {})).toEqual(['SentTimestamp']);
});

test('a received message is hidden, comes back unless deleted, and an old handle deletes nothing', async () => {
  const url = await queues.createQueue({ VisibilityTimeout: '1' });
  await queues.send(url, 'a');
  const [first] = await queues.receive(url);
  expect(await queues.receive(url)).toEqual([]);
  expect(await queues.counts(url)).toEqual([0, 1, 0]);

  const started = Date.now();
  const [again] = await queues.receive(url, {
    WaitTimeSeconds: 3,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });

  expect(Date.now() - started).toBeLessThan(2_900);
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  await queues.client.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }),
  );
  expect(await queues.counts(url)).toEqual([0, 1, 0]);
  await queues.client.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }),
  );
  expect(await queues.counts(url)).toEqual([0, 0, 0]);
});

test('visibility can be changed while a message is in flight, and not after', async () => {
  const url = await queues.createQueue();
  await queues.send(url, 'a');
  const [message] = await queues.receive(url);
  const change = (VisibilityTimeout: number) =>
    queues.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      }),
    );

  await change(100);
  expect(await queues.receive(url)).toEqual([]);
  await change(0);
  await expect(change(10)).rejects.toThrow('not in flight');

  expect(await queues.receive(url)).toHaveLength(1);
});

test('a long poll ends the moment a message comes, and with nothing when none does', async () => {
  const url = await queues.createQueue();
  const started = Date.now();
  const poll = queues.receive(url, { WaitTimeSeconds: 10 });
  await delay(100);
  await queues.send(url, 'a');

  expect(await poll).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(9_000);
  expect(await queues.receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
});

test('a delayed message comes when it is due', async () => {
  const url = await queues.createQueue();
  await queues.send(url, 'a', { DelaySeconds: 1 });
  expect(await queues.counts(url)).toEqual([0, 0, 1]);

  const started = Date.now();
  expect(await queues.receive(url, { WaitTimeSeconds: 3 })).toHaveLength(1);

  expect(Date.now() - started).toBeGreaterThan(700);
});

test('after its share of receives a message goes to the dead-letter queue and says where from', async () => {
  const dead = await queues.createQueue();
  const deadArn = `arn:aws:sqs:us-east-1:000000000000:${dead.split('/').pop()}`;
  const url = await queues.createQueue({
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 }),
  });
  const { MessageId } = await queues.send(url, 'bad');

  const received = [
    await queues.receive(url),
    await queues.receive(url),
    await queues.receive(url),
  ];

  expect(received.map((messages) => messages.length)).toEqual([1, 1, 0]);
  expect(await queues.counts(url)).toEqual([0, 0, 0]);
  const [letter] = await queues.receive(dead, { MessageSystemAttributeNames: ['All'] });
  expect(letter).toMatchObject({
    MessageId,
    Body: 'bad',
    Attributes: {
      DeadLetterQueueSourceArn: `arn:aws:sqs:us-east-1:000000000000:${url.split('/').pop()}`,
    },
  });
  const sources = await queues.client.send(
    new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }),
  );
  expect(sources.queueUrls).toEqual([url]);
});
