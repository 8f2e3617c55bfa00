import * as v from 'valibot';
import type { MessageEvent, Recipient } from '../model/message-event';
import { MESSAGE_TYPES } from '../model/message-event';
import { DAY_MS } from '../model/time';
import { filledField, idField, textField, timeField, ttlField, unackedField } from './fields';
import { pushConfig } from './push-config';

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

/** A clock this wrong would keep messages alive for days after they expired. */
export const sentAtField = v.pipe(
  timeField,
  v.check((at) => at <= Date.now() + DAY_MS, 'must not be more than 24 hours ahead'),
);

/** At most so many recipients, and at least one. */
export function recipientsField(most: number) {
  return v.pipe(
    v.array(recipient),
    v.minLength(1, 'must not be empty'),
    v.maxLength(most, `must have at most ${most} entries`),
  );
}

/** Where a message was written. */
export const conversationField = v.strictObject({
  id: idField,
  type: v.picklist(['p2p', 'team', 'superTeam']),
  name: v.exactOptional(textField(256)),
});

const CALL_TTL_SECONDS = 45;
export const MAX_RECIPIENTS = 10_000;
export const MAX_MESSAGES = 100;

/** One message event, with NIM's names for its push properties. */
export const messageBody = v.strictObject({
  messageId: idField,
  type: v.picklist(MESSAGE_TYPES),
  callType: v.exactOptional(
    v.pipe(v.picklist(['audio', 'video']), v.description('Which of both a call is')),
  ),
  modifies: v.exactOptional(
    v.pipe(idField, v.description('The message that this one is a new version of')),
  ),
  conversation: conversationField,
  sender: v.strictObject({
    accountId: idField,
    deviceId: v.optional(idField),
    nick: v.optional(textField(256)),
    role: v.optional(filledField(64)),
  }),
  recipients: recipientsField(MAX_RECIPIENTS),
  body: v.optional(textField(5000)),
  mentions: v.optional(
    v.pipe(v.array(filledField(128)), v.maxLength(500, 'must have at most 500 entries')),
  ),
  sentAt: sentAtField,
  ttlSeconds: v.optional(ttlField),
  batchId: v.optional(idField),
  pushIfUnackedMs: v.exactOptional(
    v.pipe(
      unackedField,
      v.description(
        'Pushes to devices that are connected, too, unless they acknowledge in time; 0 never',
      ),
    ),
  ),
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
  const { recipients, modifies, ...rest } = body;
  const life = body.ttlSeconds ?? (body.type === 'call' ? CALL_TTL_SECONDS : appTtlSeconds);
  const batch = batchId ?? body.batchId;
  return {
    ...(rest as Omit<MessageEvent, 'recipients' | 'expiresAt'>),
    ...(modifies === undefined ? {} : { kind: 'modification', replaces: modifies }),
    recipients: distinct(recipients),
    expiresAt: body.sentAt + life * 1000,
    ...(batch === undefined ? {} : { batchId: batch }),
  };
}

/** Of a recipient that is named twice, what was said last. */
export function distinct(recipients: readonly Recipient[]): readonly Recipient[] {
  return [...new Map(recipients.map((one) => [one.accountId, one])).values()];
}
