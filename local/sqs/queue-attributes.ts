import * as v from 'valibot';
import type { Queue } from './queue';
import type { QueueBehaviour } from './queue-settings';
import { sqsError } from './sqs-error';

/** SQS's defaults. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const DEFAULTS = {
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 345_600,
  delaySeconds: 0,
  maximumMessageBytes: 1_048_576,
  receiveWaitSeconds: 0,
};

/** Settings that are whole numbers, with the attribute's name and its bounds. */
const NUMBERS = [
  ['VisibilityTimeout', 'visibilityTimeoutSeconds', 0, 43_200],
  ['MessageRetentionPeriod', 'retentionSeconds', 60, 1_209_600],
  ['DelaySeconds', 'delaySeconds', 0, 900],
  ['MaximumMessageSize', 'maximumMessageBytes', 1_024, 1_048_576],
  ['ReceiveMessageWaitTimeSeconds', 'receiveWaitSeconds', 0, 20],
] as const;

/** Attributes that have no effect on one machine. */
const IGNORED = ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy'];

const redrivePolicy = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    deadLetterTargetArn: v.string(),
    maxReceiveCount: v.pipe(
      v.union([v.number(), v.string()]),
      v.transform(Number),
      v.integer(),
      v.minValue(1),
      v.maxValue(1_000),
    ),
  }),
);

/** Reads the attributes of `CreateQueue`. */
export function readQueueAttributes(attributes: Readonly<Record<string, string>>): QueueBehaviour {
  const numbers = { ...DEFAULTS };
  const { RedrivePolicy, ...others } = attributes;
  for (const [name, value] of Object.entries(others)) {
    const number = NUMBERS.find(([attribute]) => attribute === name);
    if (number) {
      const [, setting, minimum, maximum] = number;
      numbers[setting] = readWithin(name, value, minimum, maximum);
    } else if (!IGNORED.includes(name)) {
      throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
  if (!RedrivePolicy) return { ...numbers, redrive: undefined };

  const redrive = v.safeParse(redrivePolicy, RedrivePolicy);
  if (!redrive.success) throw invalidAttribute('RedrivePolicy');
  return { ...numbers, redrive: redrive.output };
}

/** The answer of `GetQueueAttributes`: those asked for, `All` for every one. */
export function describeQueueAttributes(
  queue: Queue,
  names: readonly string[],
): Record<string, string> {
  const { settings, counts } = queue;
  const createdAt = String(Math.floor(queue.createdAtMs / 1_000));
  const all = {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(counts.ready),
    ApproximateNumberOfMessagesNotVisible: String(counts['in-flight']),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: createdAt,
    LastModifiedTimestamp: createdAt,
    SqsManagedSseEnabled: 'true',
    ...Object.fromEntries(NUMBERS.map(([name, setting]) => [name, String(settings[setting])])),
    ...(settings.redrive && { RedrivePolicy: JSON.stringify(settings.redrive) }),
  };
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

function readWithin(name: string, value: string, minimum: number, maximum: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < minimum || number > maximum) {
    throw invalidAttribute(name);
  }
  return number;
}

function invalidAttribute(name: string) {
  return sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
