import * as v from 'valibot';
import { sqsError } from './sqs-error';

/** Inputs of the operations, with the bounds SQS states for each. */

const attribute = v.object({
  DataType: v.pipe(v.string(), v.regex(/^(String|Number|Binary)(\.|$)/, 'not a data type')),
  StringValue: v.optional(v.string()),
  BinaryValue: v.optional(v.string()),
});

const attributes = v.pipe(
  v.optional(v.record(v.string(), attribute), {}),
  v.check((value) => Object.keys(value).length <= 10, 'more than 10 message attributes'),
);

function secondsUpTo(maximum: number) {
  return v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0, 'must be >= 0'),
      v.maxValue(maximum, `must be <= ${maximum}`),
    ),
  );
}

const queueUrl = { QueueUrl: v.string() };
const visibilityTimeout = secondsUpTo(43_200);
const names = v.optional(v.array(v.string()), []);

/** One message to send. */
export const newMessageInput = v.object({
  MessageBody: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  MessageAttributes: attributes,
  MessageSystemAttributes: v.optional(v.record(v.string(), attribute), {}),
  MessageGroupId: v.optional(v.string()),
  DelaySeconds: secondsUpTo(900),
});
export type NewMessageInput = v.InferOutput<typeof newMessageInput>;

/** A message to delete. */
export const receiptInput = v.object({ ReceiptHandle: v.string() });

/** A message to hide for longer or shorter. */
export const visibilityInput = v.object({
  ReceiptHandle: v.string(),
  VisibilityTimeout: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(43_200)),
});

export const sendMessageInput = v.object({ ...queueUrl, ...newMessageInput.entries });
export const deleteMessageInput = v.object({ ...queueUrl, ...receiptInput.entries });
export const changeVisibilityInput = v.object({ ...queueUrl, ...visibilityInput.entries });

/** Up to ten entries; each is parsed by itself, so that one bad entry fails alone. */
export const batchInput = v.object({
  ...queueUrl,
  Entries: v.optional(v.array(v.looseObject({ Id: v.string() })), []),
});

export const receiveMessageInput = v.object({
  ...queueUrl,
  MaxNumberOfMessages: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
    1,
  ),
  WaitTimeSeconds: secondsUpTo(20),
  VisibilityTimeout: visibilityTimeout,
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

export const createQueueInput = v.object({
  QueueName: v.pipe(
    v.string(),
    v.regex(/^[\w-]{1,80}$/, 'only standard queues: 1 to 80 letters, digits, hyphens, underscores'),
  ),
  Attributes: v.optional(v.record(v.string(), v.string()), {}),
});
export const queueUrlInput = v.object(queueUrl);
export const queueNameInput = v.object({ QueueName: v.string() });
export const queueAttributesInput = v.object({ ...queueUrl, AttributeNames: names });
export const listQueuesInput = v.object({ QueueNamePrefix: v.optional(v.string(), '') });

/** Parses an input or refuses it with the name of the first parameter that is wrong. */
export function parseSqsInput<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = v.getDotPath(issue) ?? 'request';
  if (issue.input === undefined) {
    throw sqsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  throw sqsError(
    'InvalidParameterValue',
    `Value for parameter ${name} is invalid. Reason: ${issue.message}.`,
  );
}
