import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { sha256 } from '../../lib/aws/fingerprint';
import { messageBody, toMessageEvent } from '../../lib/http/message-schemas';
import type { PushJob, PushTarget } from '../../lib/model/push-job';
import { DAY_MS } from '../../lib/model/time';
import { buildJobs } from '../../lib/rules/build-jobs';
import { laneOf } from '../../lib/rules/lane-of';
import { rendered } from './rendering';
import { type Service, until } from './service';

/** The queues of a running service, by logical id, as an operator with AWS credentials has them. */
export interface Queues {
  /** Message events say which app they are of. */
  send(queue: string, body: unknown, appKey?: string): Promise<void>;
  /** The next message, taken out of its queue; undefined when none comes within `waitSeconds`. */
  take(queue: string, waitSeconds?: number): Promise<Message | undefined>;
  /** Resolves when nothing is in a queue, waits there, or is being worked on. */
  drained(queue: string): Promise<void>;
  close(): void;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export function openQueues({ machine: { stack } }: Pick<Service, 'machine'>): Queues {
  const client = new SQSClient({
    endpoint: stack.sqsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    async send(queue, body, appKey) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: stack.queueUrl(queue),
          MessageBody: JSON.stringify(body),
          ...(appKey === undefined
            ? {}
            : { MessageAttributes: { appKey: { DataType: 'String', StringValue: appKey } } }),
        }),
      );
    },
    async take(queue, waitSeconds = 10) {
      const QueueUrl = stack.queueUrl(queue);
      const { Messages: [message] = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: waitSeconds,
          MessageAttributeNames: ['All'],
        }),
      );
      if (message !== undefined) {
        await client.send(
          new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }),
        );
      }
      return message;
    },
    async drained(queue) {
      const left = await until(
        async () => {
          const { Attributes = {} } = await client.send(
            new GetQueueAttributesCommand({
              QueueUrl: stack.queueUrl(queue),
              AttributeNames: [...COUNTS],
            }),
          );
          return COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
        },
        (count) => count === 0,
      );
      if (left > 0) throw new Error(`${left} messages are left in ${queue}`);
    },
    close: () => client.destroy(),
  };
}

/** The job the service itself makes of a message to the Xiaomi phone `d1` of an account, with these changes to its target. */
export function jobOf(
  { machine: { app } }: Pick<Service, 'machine'>,
  message: unknown,
  { accountId, token, ...changes }: Pick<PushTarget, 'accountId' | 'token'> & Partial<PushTarget>,
): PushJob {
  const event = toMessageEvent(v.parse(messageBody, message), DAY_MS / 1000);
  const now = Date.now();
  const chosen = { certificate: 'xiaomi', vendor: 'xiaomi', token, registeredAt: now } as const;
  const [job] = buildJobs(
    { appKey: app.key, traceLevel: 'full' },
    [
      {
        messageId: event.messageId,
        lane: laneOf(event),
        notification: rendered(event),
        expiresAt: event.expiresAt,
        accountId,
        deviceId: 'd1',
        chosen,
      },
    ],
    now,
    sha256,
  );
  if (job === undefined) throw new Error('no job came of the message');
  const [push] = job.pushes;
  return { ...job, pushes: [{ ...push, targets: [{ ...push.targets[0], ...changes }] }] };
}
