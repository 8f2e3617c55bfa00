import { createHash, randomUUID } from 'node:crypto';

/** A message attribute; binary values in base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender hands over. */
export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The queue's own delay if absent. */
  readonly delaySeconds?: number | undefined;
  readonly groupId?: string | undefined;
  readonly traceHeader?: string | undefined;
}

/** A message in a queue. */
export interface Message {
  /** Grows with every message; orders them and names them in the journal. */
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly traceHeader: string | undefined;
  readonly sentAtMs: number;
  state: 'ready' | 'delayed' | 'in-flight';
  /** When a delayed or received message is ready (again); epoch milliseconds. */
  hiddenUntilMs: number;
  /** Its place in the heap of hidden messages. */
  heapIndex: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** Of the latest receive. */
  receiptHandle: string | undefined;
  /** ARN of the queue it was moved away from after too many receives. */
  deadLetterSourceArn: string | undefined;
}

/** A message as received: what later receives change is fixed here. */
export type ReceivedMessage = Readonly<Message> & { readonly receiptHandle: string };

/** A message on its way into a queue that delays messages by so much unless they say otherwise. */
export function createMessage(
  { body, attributes, groupId, traceHeader, delaySeconds: ownDelaySeconds }: NewMessage,
  sequence: number,
  now: number,
  queueDelaySeconds: number,
): Message {
  const delaySeconds = ownDelaySeconds ?? queueDelaySeconds;
  return {
    sequence,
    id: randomUUID(),
    body,
    md5OfBody: md5(body),
    attributes,
    groupId,
    traceHeader,
    sentAtMs: now,
    state: delaySeconds > 0 ? 'delayed' : 'ready',
    hiddenUntilMs: now + delaySeconds * 1_000,
    heapIndex: -1,
    receiveCount: 0,
    firstReceivedAtMs: undefined,
    receiptHandle: undefined,
    deadLetterSourceArn: undefined,
  };
}

/**
 * Characters a message must not hold: all but #x9 | #xA | #xD | #x20–#xD7FF | #xE000–#xFFFD | #x10000–#x10FFFF.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Bytes that count against the limit: body, names, types and values. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += Buffer.byteLength(StringValue ?? '') + Buffer.byteLength(BinaryValue ?? '', 'base64');
  }
  return bytes;
}

/** MD5 in hex; clients check it. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * MD5 of message attributes, undefined without any. Names in order; each of name, type and value with its length
 * before it, the value after a byte that tells text (1) from bytes (2).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;

  const hash = createHash('md5');
  const addWithLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    addWithLength(Buffer.from(name));
    addWithLength(Buffer.from(DataType));
    const isBinary = DataType.startsWith('Binary');
    hash.update(Buffer.of(isBinary ? 2 : 1));
    addWithLength(
      isBinary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? ''),
    );
  }
  return hash.digest('hex');
}
