import * as v from 'valibot';
import { decidedMessage } from './answer-schemas';
import { copyBody } from './nim-copies';
import { formBody, messageV2Body } from './nim-forms';
import type { Operation } from './operations';

const takenCopy = v.strictObject({
  result: v.picklist([
    'dispatched',
    'repeated',
    'unknown-team',
    'applied',
    'older',
    'unknown-device',
    'session-ended',
    'ignored',
  ]),
  messageId: v.optional(v.string()),
  warnings: v.optional(
    v.pipe(v.array(v.string()), v.description('Push properties that were left out')),
  ),
});

/** Routes that are called as NIM calls, or is called. */
export const NIM_OPERATIONS: readonly Operation[] = [
  {
    route: 'POST /v1/nim/copies',
    summary: "Take one of NIM's message copies",
    scope: 'copy',
    status: 200,
    body: copyBody,
    answer: takenCopy,
  },
  {
    route: 'POST /v1/nim/messages',
    summary: "Send a message in the form of NIM's server API, V1 or V2",
    scope: 'server',
    status: 202,
    body: messageV2Body,
    form: formBody,
    answer: decidedMessage,
  },
];
