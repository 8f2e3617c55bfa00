import * as v from 'valibot';
import type { MessageEvent, Recipient } from '../model/message-event';
import { MESSAGE_TYPES } from '../model/message-event';
import { filledField, idField, textField, timeField } from './fields';

/** Bodies of `POST /v1/messages`, and of messages on the `message-events` queue. */

const presence = v.strictObject({
  deviceId: idField,
  state: v.picklist(['foreground', 'background', 'disconnected']),
  at: v.optional(timeField),
});

const recipient = v.pipe(
  v.union(
    [
      idField,
      v.strictObject({
        accountId: idField,
        presence: v.optional(
          v.pipe(v.array(presence), v.maxLength(10, 'must have at most 10 entries')),
        ),
        blockedSender: v.optional(v.boolean()),
      }),
    ],
    'must be an account id or an object with accountId',
  ),
  v.transform(
    (value): Recipient => (typeof value === 'string' ? { accountId: value } : (value as Recipient)),
  ),
);

const pushPayload = v.pipe(textField(2048), v.check(isJsonObject, 'must be a JSON object as text'));

const pushConfig = v.strictObject({
  pushEnabled: v.optional(v.boolean(), true),
  pushNickEnabled: v.optional(v.boolean(), true),
  pushContent: v.optional(textField(500)),
  pushPayload: v.optional(pushPayload),
  forcePush: v.optional(v.boolean(), false),
  forcePushContent: v.optional(textField(500)),
  forcePushAccountIds: v.optional(
    v.pipe(v.array(idField), v.maxLength(100, 'must have at most 100 entries')),
  ),
});

const CALL_TTL_SECONDS = 45;
export const MAX_RECIPIENTS = 10_000;
export const MAX_MESSAGES = 100;

/** One message event, with NIM's V2 names for its push properties. */
export const messageBody = v.strictObject({
  messageId: idField,
  type: v.picklist(MESSAGE_TYPES),
  conversation: v.strictObject({
    id: idField,
    type: v.picklist(['p2p', 'team', 'superTeam']),
    name: v.optional(textField(256)),
  }),
  sender: v.strictObject({
    accountId: idField,
    deviceId: v.optional(idField),
    nick: v.optional(textField(256)),
    role: v.optional(filledField(64)),
  }),
  recipients: v.pipe(
    v.array(recipient),
    v.minLength(1, 'must not be empty'),
    v.maxLength(MAX_RECIPIENTS, `must have at most ${MAX_RECIPIENTS} entries`),
  ),
  body: v.optional(textField(5000)),
  mentions: v.optional(
    v.pipe(v.array(filledField(128)), v.maxLength(500, 'must have at most 500 entries')),
  ),
  sentAt: timeField,
  ttlSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer('must be whole seconds'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(2_419_200, 'must be at most 2419200'),
    ),
  ),
  batchId: v.optional(idField),
  pushConfig: v.optional(pushConfig, {}),
});

/** A call with up to 100 events. */
export const messageListBody = v.strictObject({
  messages: v.pipe(
    v.array(messageBody),
    v.minLength(1, 'must not be empty'),
    v.maxLength(MAX_MESSAGES, `must have at most ${MAX_MESSAGES} entries`),
  ),
  batchId: v.optional(idField),
});

/** The event as the rules see it. A recipient named twice is one; `appTtlSeconds` is the app's default life. */
export function toMessageEvent(
  body: v.InferOutput<typeof messageBody>,
  appTtlSeconds: number,
  batchId?: string,
): MessageEvent {
  const { ttlSeconds, recipients, ...rest } = body;
  const life = ttlSeconds ?? (body.type === 'call' ? CALL_TTL_SECONDS : appTtlSeconds);
  const byId = new Map(recipients.map((one) => [one.accountId, one]));
  const batch = batchId ?? body.batchId;
  return {
    ...(rest as Omit<MessageEvent, 'recipients' | 'expiresAt'>),
    recipients: [...byId.values()],
    expiresAt: body.sentAt + life * 1000,
    ...(batch === undefined ? {} : { batchId: batch }),
  };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
