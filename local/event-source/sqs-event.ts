import type { SQSEvent, SQSMessageAttributes } from 'aws-lambda';
import { type MessageAttributes, md5OfAttributes, type ReceivedMessage } from '../sqs/message';
import { systemAttributesOf } from '../sqs/received-message';

/** Where the messages come from. */
export interface EventOrigin {
  readonly queueArn: string;
  readonly region: string;
  readonly accountId: string;
}

/** The event Lambda makes of a batch. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function createSqsEvent(
  messages: readonly ReceivedMessage[],
  { queueArn, region, accountId }: EventOrigin,
): SQSEvent {
  return {
    Records: messages.map((message) => {
      const md5OfMessageAttributes = md5OfAttributes(message.attributes);
      return {
        messageId: message.id,
        receiptHandle: message.receiptHandle,
        body: message.body,
        attributes: systemAttributesOf(message, accountId),
        messageAttributes: describeAttributes(message.attributes),
        ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
        md5OfBody: message.md5OfBody,
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn,
        awsRegion: region,
      };
    }),
  };
}

function describeAttributes(attributes: MessageAttributes): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  );
}
