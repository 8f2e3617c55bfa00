import type * as v from 'valibot';
import { answersOf } from '../lib/http/message-answer';
import { messageBody, messageListBody, toMessageEvent } from '../lib/http/message-schemas';
import { notificationBody, toNotificationEvent } from '../lib/http/notification-schemas';
import { parse } from '../lib/http/parse';
import { DEFAULT_APP_SETTINGS } from '../lib/model/app-settings';
import { Refusal } from '../lib/model/errors';
import { dispatchMessages } from '../lib/usecases/dispatch-messages';
import { api } from './wiring/api';
import { apps } from './wiring/container';
import { dispatchPorts } from './wiring/dispatch';

const MAX_RECIPIENTS_A_CALL = 10_000;
const MAX_BODY_BYTES = 4_194_304;

/** Takes message events, decides for every device, queues the pushes and answers each decision. */
export const handler = api({
  'POST /v1/messages': {
    scope: 'server',
    maxBodyBytes: MAX_BODY_BYTES,
    async handle({ appKey, body }) {
      const isList = typeof body === 'object' && body !== null && 'messages' in body;
      const call: Pick<v.InferOutput<typeof messageListBody>, 'messages' | 'batchId'> = isList
        ? parse(messageListBody, body)
        : { messages: [parse(messageBody, body)] };
      checkWhole(call.messages);
      const ttlSeconds = await ttlSecondsOf(appKey);
      const events = call.messages.map((message) =>
        toMessageEvent(message, ttlSeconds, call.batchId),
      );
      const answers = await dispatchMessages(appKey, events, dispatchPorts());
      const bodies = answersOf(answers);
      return { status: 202, body: isList ? { messages: bodies } : bodies[0] };
    },
  },

  'POST /v1/notifications': {
    scope: 'server',
    maxBodyBytes: MAX_BODY_BYTES,
    async handle({ appKey, body }) {
      const notification = parse(notificationBody, body);
      const event = toNotificationEvent(notification, await ttlSecondsOf(appKey));
      const [answer] = answersOf(await dispatchMessages(appKey, [event], dispatchPorts()));
      return { status: 202, body: answer };
    },
  },
});

/** How long what names no time of its own lives; an unknown app is refused later. */
async function ttlSecondsOf(appKey: string): Promise<number> {
  return (await apps().get(appKey))?.settings.ttlSeconds ?? DEFAULT_APP_SETTINGS.ttlSeconds;
}

/** What no single message can be wrong about. */
function checkWhole(messages: readonly v.InferOutput<typeof messageBody>[]): void {
  const recipients = messages.reduce((sum, message) => sum + message.recipients.length, 0);
  if (recipients > MAX_RECIPIENTS_A_CALL) {
    throw new Refusal(413, `a call has at most ${MAX_RECIPIENTS_A_CALL} recipients`);
  }
  const seen = new Set<string>();
  const repeated = messages.flatMap(({ messageId }, index) => {
    if (!seen.has(messageId)) {
      seen.add(messageId);
      return [];
    }
    return [{ path: `messages[${index}].messageId`, message: 'appears twice in this call' }];
  });
  if (repeated.length > 0) throw new Refusal(400, 'the request has invalid fields', repeated);
}
