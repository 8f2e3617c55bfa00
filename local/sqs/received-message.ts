import { type MessageAttributes, md5OfAttributes, type ReceivedMessage } from './message';

/** System attributes of a received message, named as SQS names them. */
export function systemAttributesOf(message: ReceivedMessage, accountId: string) {
  return {
    SenderId: accountId,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSourceArn !== undefined && {
      DeadLetterQueueSourceArn: message.deadLetterSourceArn,
    }),
  };
}

/** One message of the answer of `ReceiveMessage`, with the attributes asked for. */
export function describeReceived(
  message: ReceivedMessage,
  accountId: string,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object {
  const system = pick(systemAttributesOf(message, accountId), (name) =>
    isAskedFor(name, systemNames),
  );
  const attributes: MessageAttributes = pick(message.attributes, (name) =>
    isAskedFor(name, attributeNames),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** `All` and `.*` ask for everything, `bar.*` for whatever starts with `bar.`. */
function isAskedFor(name: string, asked: readonly string[]): boolean {
  return asked.some(
    (pattern) =>
      pattern === name ||
      pattern === 'All' ||
      (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1).replace(/^\.$/, ''))),
  );
}

function pick<T>(
  values: Readonly<Record<string, T>>,
  isWanted: (name: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
}
