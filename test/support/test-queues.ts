import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueBehaviour } from '../../local/sqs/queue-settings';
import { type RunningSqs, startSqs } from '../../local/sqs/sqs-server';

/** How a queue behaves that says nothing about itself. */
export const DEFAULT_BEHAVIOUR: QueueBehaviour = {
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 345_600,
  delaySeconds: 0,
  maximumMessageBytes: 1_048_576,
  receiveWaitSeconds: 0,
  redrive: undefined,
};

/** A client of the SQS at this address. */
export function sqsClientOf(endpoint: string): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint, region: 'us-east-1', credentials });
}

/** An SQS of its own for one test file, with what its tests do most. */
export interface TestQueues {
  readonly sqs: RunningSqs;
  readonly client: SQSClient;
  /** A new queue, by its URL. */
  createQueue(attributes?: Record<string, string>): Promise<string>;
  send(
    queueUrl: string,
    body: string,
    more?: Partial<SendMessageCommandInput>,
  ): Promise<{ readonly MessageId?: string | undefined }>;
  receive(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  /** Messages that are ready, in flight, delayed. */
  counts(queueUrl: string): Promise<number[]>;
  close(): Promise<void>;
}

export async function startTestQueues(): Promise<TestQueues> {
  const sqs = await startSqs();
  const client = sqsClientOf(sqs.url);
  let queues = 0;
  return {
    sqs,
    client,
    async createQueue(attributes = {}) {
      queues += 1;
      const { QueueUrl = '' } = await client.send(
        new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes: attributes }),
      );
      return QueueUrl;
    },
    send: (QueueUrl, MessageBody, more = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    async receive(QueueUrl, more = {}) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
      return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
    async counts(QueueUrl) {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return [
        Number(Attributes?.ApproximateNumberOfMessages),
        Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
        Number(Attributes?.ApproximateNumberOfMessagesDelayed),
      ];
    },
    async close() {
      client.destroy();
      await sqs.close();
    },
  };
}
