import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { attributeOf } from '../lib/aws/job-queue';
import { messageBody, toMessageEvent } from '../lib/http/message-schemas';
import { parse, parseJson } from '../lib/http/parse';
import { APP_KEY } from '../lib/model/app-settings';
import { Refusal, TryLater } from '../lib/model/errors';
import { dispatchMessages } from '../lib/usecases/dispatch-messages';
import { apps, environment, sqs, telemetry } from './wiring/container';
import { dispatchPorts } from './wiring/dispatch';

/** Takes message events from the `message-events` queue; a bad one goes to the dead-letter queue with the reason. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await Promise.all(event.Records.map(dispatch));
  telemetry().flush();
  return { batchItemFailures: failed.flat() };
}

async function dispatch(record: SQSRecord): Promise<{ itemIdentifier: string }[]> {
  try {
    const appKey = record.messageAttributes['appKey']?.stringValue ?? '';
    const app = APP_KEY.test(appKey) ? await apps().get(appKey) : undefined;
    if (app === undefined) throw new Refusal(400, 'the attribute appKey names no app');
    const message = parse(messageBody, parseJson(record.body));
    await dispatchMessages(
      appKey,
      [toMessageEvent(message, app.settings.ttlSeconds)],
      dispatchPorts(),
    );
    return [];
  } catch (error) {
    if (error instanceof TryLater) return [{ itemIdentifier: record.messageId }];
    if (error instanceof Refusal) return bury(record, error);
    telemetry().log('error', 'message event failed', { error });
    return [{ itemIdentifier: record.messageId }];
  }
}

async function bury(record: SQSRecord, refusal: Refusal): Promise<{ itemIdentifier: string }[]> {
  const fields = refusal.fields.map(({ path, message }) => `${path} ${message}`);
  const reason = attributeOf([refusal.message, ...fields].join('; '));
  const appKey = record.messageAttributes['appKey']?.stringValue;
  try {
    await sqs().send(
      new SendMessageCommand({
        QueueUrl: environment().MESSAGE_EVENTS_DEAD_QUEUE_URL,
        MessageBody: record.body,
        MessageAttributes: {
          reason,
          ...(appKey ? { appKey: attributeOf(appKey) } : {}),
        },
      }),
    );
    telemetry().count('DeadLetters', 1, { vendor: 'message-events' });
    return [];
  } catch (error) {
    telemetry().log('error', 'message event not buried', { error });
    return [{ itemIdentifier: record.messageId }];
  }
}
