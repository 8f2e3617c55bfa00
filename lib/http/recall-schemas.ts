import * as v from 'valibot';
import { isJsonObject, jsonOf } from '../model/json-of';
import { idField, textField } from './fields';

/** Bodies of calls about messages that are under way. */
const MAX_CONTENT_CHARACTERS = 500;
const MAX_ACKS = 500;

/** NIM's servers cut it as well: https://github.com/netease-im/yunxin-server-sdk-java (2025-12-30), `msg/recall.action`. */
const cutContent = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MAX_CONTENT_CHARACTERS).replace(/[\ud800-\udbff]$/, '')),
  v.description('What phones show instead of the message, cut to 500 characters; nothing if empty'),
);

/** `DELETE /v1/messages/{messageId}`; the body may be left out. */
export const recallBody = v.strictObject({
  pushContent: v.exactOptional(cutContent),
  pushPayload: v.exactOptional(
    v.pipe(
      textField(2048),
      v.check((given) => isJsonObject(jsonOf(given)), 'must be a JSON object as text'),
      v.description('As of a message: a JSON object as text'),
    ),
  ),
  sender: v.exactOptional(
    v.pipe(
      v.strictObject({ accountId: idField, nick: v.exactOptional(textField(256)) }),
      v.description('Who recalls; the sender of the message if absent'),
    ),
  ),
  batchId: v.exactOptional(
    v.pipe(idField, v.description('Of the call that the message came with, if it had one')),
  ),
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What is answered to it. */
export const recallAnswer = v.strictObject({
  messageId: v.string(),
  recalled: v.literal(true),
  stopped: v.pipe(count, v.description('Jobs that had not ended with the message')),
  withdrawn: v.optional(
    v.pipe(count, v.description('Devices whose vendor is asked to take the notification back')),
  ),
  pushed: v.optional(v.pipe(count, v.description('Devices that are told of the recall'))),
  recipients: v.optional(
    v.pipe(
      v.literal('unknown'),
      v.description(
        'Only counts are kept of who got the message: it is stopped, what is shown stays',
      ),
    ),
  ),
});

/** `POST /v1/acks`. Fields we do not know are ignored and listed: a shipped app can't be fixed. */
export const acksBody = v.object({
  acks: v.pipe(
    v.array(
      v.object({
        messageId: idField,
        accountId: v.exactOptional(
          v.pipe(idField, v.description('Of a device its own, which may be left out')),
        ),
        deviceId: idField,
      }),
    ),
    v.maxLength(MAX_ACKS, `must have at most ${MAX_ACKS} entries`),
  ),
});

/** What is answered to it. */
export const acksAnswer = v.strictObject({
  acknowledged: count,
  warnings: v.optional(v.array(v.string())),
});
