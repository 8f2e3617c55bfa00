import * as v from 'valibot';
import { idField, timeField } from './fields';

/** `POST /v1/reads`. Fields we do not know are ignored and listed: a shipped app can't be fixed. */
export const readBody = v.object({
  accountId: idField,
  conversationId: v.pipe(idField, v.description('As in `conversation.id` of its messages')),
  upTo: v.pipe(
    timeField,
    v.description('`sentAt` of the last message that was read, in milliseconds since 1970'),
  ),
});

/** What is answered to it. */
export const readAnswer = v.strictObject({
  accountId: v.string(),
  conversationId: v.string(),
  withdrawn: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.description('Withdrawals queued: notifications to take back, numbers on icons to set'),
  ),
  warnings: v.optional(v.array(v.string())),
});
