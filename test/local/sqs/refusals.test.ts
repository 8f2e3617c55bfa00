import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { startTestQueues, type TestQueues } from '../../support/test-queues';

let queues: TestQueues;

beforeAll(async () => {
  queues = await startTestQueues();
});
afterAll(() => queues.close());

test('in a batch every entry succeeds or fails by itself', async () => {
  const url = await queues.createQueue();
  const sent = await queues.client.send(
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
  const [message] = await queues.receive(url);
  const deleted = await queues.client.send(
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
  expect(await queues.counts(url)).toEqual([0, 0, 1]);
});

test('what SQS refuses is refused', async () => {
  const url = await queues.createQueue({ MaximumMessageSize: '2048' });
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `${index}`, MessageBody: 'a' }));
  const batch = (Entries: { Id: string; MessageBody: string }[]) =>
    queues.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));

  await expect(queues.send(url, 'a', { DelaySeconds: 901 })).rejects.toThrow('must be <= 900');
  await expect(queues.send(url, '')).rejects.toThrow('MessageBody');
  await expect(queues.send(url, '\ud800')).rejects.toThrow('Invalid characters');
  await expect(queues.send(url, 'x'.repeat(2_049))).rejects.toThrow('shorter than 2048 bytes');
  await expect(queues.send(`${url}-not`, 'a')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
  await expect(batch(entries(11))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  await expect(batch([...entries(1), ...entries(1)])).rejects.toMatchObject({
    name: 'BatchEntryIdsNotDistinct',
  });
  await expect(queues.receive(url, { MaxNumberOfMessages: 11 })).rejects.toThrow(
    'MaxNumberOfMessages',
  );
  await expect(queues.createQueue({ VisibilityTimeout: '50000' })).rejects.toThrow(
    'VisibilityTimeout',
  );
});

test('making the same queue again changes nothing, another one under its name is refused', async () => {
  const url = await queues.createQueue({ VisibilityTimeout: '5' });
  const QueueName = url.split('/').pop();
  const again = (VisibilityTimeout: string) =>
    queues.client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout } }));

  expect(await again('5')).toMatchObject({ QueueUrl: url });
  await expect(again('6')).rejects.toMatchObject({ name: 'QueueNameExists' });
});
