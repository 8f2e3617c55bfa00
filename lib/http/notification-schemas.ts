import * as v from 'valibot';
import type { MessageEvent } from '../model/message-event';
import { filledField, idField, textField, ttlField } from './fields';
import { conversationField, distinct, recipientsField, sentAtField } from './message-schemas';
import { notificationPushConfig } from './push-config';

const MAX_RECIPIENTS = 5_000;

/**
 * `POST /v1/notifications`: what NIM calls a custom system notification. Limits: https://github.com/netease-im/yunxin-server-sdk-java
 * (2025-12-30), `sendBatchAttachMsg`.
 */
export const notificationBody = v.strictObject({
  messageId: idField,
  sender: v.strictObject({
    accountId: idField,
    deviceId: v.exactOptional(idField),
    nick: v.exactOptional(textField(256)),
  }),
  conversation: v.exactOptional(
    v.pipe(conversationField, v.description('A p2p one with the sender if absent')),
  ),
  recipients: recipientsField(MAX_RECIPIENTS),
  content: v.exactOptional(
    v.pipe(
      textField(4_096),
      v.description(
        'NIM’s attach, for the app: never shown. Up to 1,000 characters of it travel with the push, as the key content',
      ),
    ),
  ),
  sound: v.exactOptional(v.pipe(filledField(30), v.description('Name of a sound file of the app'))),
  pushConfig: v.optional(
    v.pipe(
      notificationPushConfig,
      v.description('Nothing is pushed without pushContent; unreadEnabled is false if absent'),
    ),
    {},
  ),
  ttlSeconds: v.exactOptional(ttlField),
  sentAt: sentAtField,
});

/** The event as the rules see it. A recipient named twice is one; `appTtlSeconds` is the app's default life. */
export function toNotificationEvent(
  body: v.InferOutput<typeof notificationBody>,
  appTtlSeconds: number,
): MessageEvent {
  const { content, recipients, sender, ...rest } = body;
  return {
    conversation: { id: sender.accountId, type: 'p2p' },
    ...rest,
    type: 'custom',
    kind: 'notification',
    sender,
    recipients: distinct(recipients),
    expiresAt: body.sentAt + (body.ttlSeconds ?? appTtlSeconds) * 1000,
    ...(content === undefined ? {} : { body: content }),
  };
}
