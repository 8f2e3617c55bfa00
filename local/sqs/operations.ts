import { ServiceError } from '../dynamodb/service-error';
import { runBatch } from './batch';
import * as inputs from './inputs';
import {
  FORBIDDEN_CHARACTER,
  type Message,
  md5OfAttributes,
  messageBytes,
  type NewMessage,
} from './message';
import type { Queue } from './queue';
import { describeQueueAttributes, readQueueAttributes } from './queue-attributes';
import type { QueueBehaviour } from './queue-settings';
import { describeReceived } from './received-message';
import { invalidParameter, sqsError } from './sqs-error';

const { parseSqsInput } = inputs;

/** Bytes of one message, and of all messages of a batch. */
const MAXIMUM_BYTES = 1_048_576;

/** The queues there are. */
export interface QueueDirectory {
  readonly accountId: string;
  find(name: string): Queue | undefined;
  list(): readonly Queue[];
  /** Answers the queue there is if its behaviour is the same. */
  create(name: string, behaviour: QueueBehaviour): Queue;
}

/** One operation of SQS's JSON protocol. */
export type Operation = (directory: QueueDirectory, input: object) => object | Promise<object>;

/** The operations that exist here, by name. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>(
  Object.entries<Operation>({
    CreateQueue: (directory, input) => {
      const { QueueName, Attributes } = parseSqsInput(inputs.createQueueInput, input);
      const queue = directory.create(QueueName, readQueueAttributes(Attributes));
      return { QueueUrl: queue.settings.url };
    },
    GetQueueUrl: (directory, input) => {
      const { QueueName } = parseSqsInput(inputs.queueNameInput, input);
      return { QueueUrl: findQueue(directory, QueueName).settings.url };
    },
    ListQueues: (directory, input) => {
      const { QueueNamePrefix } = parseSqsInput(inputs.listQueuesInput, input);
      const queues = directory.list().map(({ settings }) => settings);
      const found = queues.filter(({ name }) => name.startsWith(QueueNamePrefix));
      return { QueueUrls: found.map(({ url }) => url) };
    },
    ListDeadLetterSourceQueues: (directory, input) => {
      const { settings } = queueOf(directory, input);
      const sources = directory
        .list()
        .filter((queue) => queue.settings.redrive?.deadLetterTargetArn === settings.arn);
      return { queueUrls: sources.map((queue) => queue.settings.url) };
    },
    GetQueueAttributes: (directory, input) => {
      const { AttributeNames } = parseSqsInput(inputs.queueAttributesInput, input);
      return { Attributes: describeQueueAttributes(queueOf(directory, input), AttributeNames) };
    },
    PurgeQueue: (directory, input) => {
      queueOf(directory, input).purge();
      return {};
    },
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    ReceiveMessage: receiveMessage,
    DeleteMessage: (directory, input) => {
      const { ReceiptHandle } = parseSqsInput(inputs.deleteMessageInput, input);
      queueOf(directory, input).delete([checkHandle(ReceiptHandle)]);
      return {};
    },
    DeleteMessageBatch: (directory, input) => {
      const queue = queueOf(directory, input);
      return runBatch(input, inputs.receiptInput, (entries, fail) =>
        entries.filter(({ id, value }) =>
          succeeds(id, fail, () => queue.delete([checkHandle(value.ReceiptHandle)])),
        ),
      );
    },
    ChangeMessageVisibility: (directory, input) => {
      const change = parseSqsInput(inputs.changeVisibilityInput, input);
      const queue = queueOf(directory, input);
      queue.changeVisibility(checkHandle(change.ReceiptHandle), change.VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch: (directory, input) => {
      const queue = queueOf(directory, input);
      return runBatch(input, inputs.visibilityInput, (entries, fail) =>
        entries.filter(({ id, value }) =>
          succeeds(id, fail, () =>
            queue.changeVisibility(checkHandle(value.ReceiptHandle), value.VisibilityTimeout),
          ),
        ),
      );
    },
  }),
);

function sendMessage(directory: QueueDirectory, input: object): object {
  const queue = queueOf(directory, input);
  const message = parseSqsInput(inputs.sendMessageInput, input);
  checkContent(message, queue);
  const [sent] = queue.send([readNewMessage(message)]);
  return sent ? describeSent(sent) : {};
}

function sendMessageBatch(directory: QueueDirectory, input: object): object {
  const queue = queueOf(directory, input);
  return runBatch(input, inputs.newMessageInput, (entries, fail) => {
    const bytes = entries.reduce((sum, { value }) => sum + bytesOf(value), 0);
    if (bytes > MAXIMUM_BYTES) {
      throw sqsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${MAXIMUM_BYTES} bytes. You have sent ${bytes} bytes.`,
      );
    }
    const good = entries.filter(({ id, value }) =>
      succeeds(id, fail, () => checkContent(value, queue)),
    );
    const sent = queue.send(good.map(({ value }) => readNewMessage(value)));
    return good.flatMap(({ id }, index) => {
      const message = sent[index];
      return message ? [{ id, answer: describeSent(message) }] : [];
    });
  });
}

async function receiveMessage(directory: QueueDirectory, input: object): Promise<object> {
  const queue = queueOf(directory, input);
  const options = parseSqsInput(inputs.receiveMessageInput, input);
  const messages = await queue.receive({
    maxMessages: options.MaxNumberOfMessages,
    waitMs: (options.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds) * 1_000,
    visibilityTimeoutSeconds: options.VisibilityTimeout,
  });
  if (messages.length === 0) return {};

  const systemNames = [...options.AttributeNames, ...options.MessageSystemAttributeNames];
  return {
    Messages: messages.map((message) =>
      describeReceived(message, directory.accountId, systemNames, options.MessageAttributeNames),
    ),
  };
}

function queueOf(directory: QueueDirectory, input: object): Queue {
  const { QueueUrl } = parseSqsInput(inputs.queueUrlInput, input);
  return findQueue(directory, QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1));
}

function findQueue(directory: QueueDirectory, name: string): Queue {
  const queue = directory.find(name);
  if (!queue) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}

/** Whether `run` went well; a refusal fails the entry alone. */
function succeeds(
  id: string,
  fail: (id: string, error: ServiceError) => void,
  run: () => void,
): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    fail(id, error);
    return false;
  }
}

function checkContent(message: inputs.NewMessageInput, queue: Queue): void {
  if (FORBIDDEN_CHARACTER.test(message.MessageBody)) {
    throw sqsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  const { maximumMessageBytes } = queue.settings;
  if (bytesOf(message) > maximumMessageBytes) {
    throw sqsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`,
    );
  }
}

function checkHandle(handle: string): string {
  if (!/^[0-9a-f-]{36}$/.test(handle)) {
    throw sqsError(
      'ReceiptHandleIsInvalid',
      invalidParameter('ReceiptHandle', handle, 'malformed').message,
    );
  }
  return handle;
}

function bytesOf(message: inputs.NewMessageInput): number {
  return messageBytes(message.MessageBody, message.MessageAttributes);
}

function readNewMessage(message: inputs.NewMessageInput): NewMessage {
  return {
    body: message.MessageBody,
    attributes: message.MessageAttributes,
    delaySeconds: message.DelaySeconds,
    groupId: message.MessageGroupId,
    traceHeader: message.MessageSystemAttributes['AWSTraceHeader']?.StringValue,
  };
}

function describeSent(message: Readonly<Message>): object {
  const attributesDigest = md5OfAttributes(message.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: message.md5OfBody,
    ...(attributesDigest !== undefined && { MD5OfMessageAttributes: attributesDigest }),
  };
}
