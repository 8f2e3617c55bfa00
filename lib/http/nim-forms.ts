import * as v from 'valibot';
import { jsonOf } from '../model/json-of';
import type { MessageType } from '../model/message-event';
import type { EpochMs } from '../model/time';
import { entryOf } from '../rules/entry-of';
import type { NimMessage } from '../rules/nim-message';
import { idField, textField } from './fields';
import { sentAtField } from './message-schemas';
import { parse } from './parse';
import { pushConfig } from './push-config';

/** NIM's numbers: https://github.com/netease-im/yunxin-server-sdk-java (2025-12-30). */
const TYPES: Readonly<Record<string, MessageType>> = {
  0: 'text',
  1: 'image',
  2: 'audio',
  3: 'video',
  4: 'location',
  6: 'file',
  10: 'tip',
  100: 'custom',
};
const WRONG_TYPE = `must be one of ${Object.keys(TYPES).join(', ')}`;
const typeOf = (code: string | number) => entryOf(TYPES, String(code));

const TEXT_FIELDS = [
  'option',
  'pushContent',
  'pushcontent',
  'payload',
  'forcePushList',
  'forcepushlist',
  'forcePushContent',
  'forcepushcontent',
] as const;
const FLAG_FIELDS = ['forcePushAll', 'forcepushall'] as const;

const flag = v.pipe(
  v.picklist(['true', 'false'], 'must be true or false'),
  v.transform((text) => text === 'true'),
);
const switchField = v.picklist(['0', '1'], 'must be 0 or 1');
const textBody = v.pipe(v.string(), v.transform(jsonOf), v.object({ msg: textField(5000) }));

/**
 * The fields of V1's `/msg/sendMsg.action` that matter here, and which message it is, which that call does not say.
 * All others are ignored, as they are for the IM server.
 */
export const formBody = v.object({
  messageId: v.exactOptional(idField),
  msgidClient: v.exactOptional(v.pipe(idField, v.description('Instead of messageId'))),
  msgTimestamp: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\d+$/, 'must be whole milliseconds'),
      v.transform(Number),
      sentAtField,
    ),
  ),
  from: idField,
  fromNick: v.exactOptional(textField(256)),
  ope: v.picklist(['0', '1', '2'], 'must be 0, 1 or 2'),
  to: idField,
  type: v.pipe(
    v.string(),
    v.check((code) => typeOf(code) !== undefined, WRONG_TYPE),
  ),
  body: v.exactOptional(v.pipe(v.string(), v.description('JSON; of a text {"msg": "…"}'))),
  msgReceiverNoSense: v.exactOptional(switchField),
  ...v.entriesFromList(TEXT_FIELDS, v.exactOptional(v.string())),
  ...v.entriesFromList(FLAG_FIELDS, v.exactOptional(flag)),
});

const members = v.exactOptional(v.record(v.string(), v.unknown()));

/** What matters here of the body that V2's server API sends a message with. */
export const messageV2Body = v.object({
  conversation_id: v.pipe(
    v.string(),
    v.regex(
      /^[^|]+\|[123]\|[^|]+$/,
      'must be sender|1|receiver, sender|2|team or sender|3|superteam',
    ),
  ),
  message_client_id: idField,
  create_time: v.exactOptional(sentAtField),
  sender_nick: v.exactOptional(textField(256)),
  message: v.object({
    message_type: v.pipe(
      v.number(),
      v.check((code) => typeOf(code) !== undefined, WRONG_TYPE),
    ),
    text: v.exactOptional(textField(5000)),
  }),
  receiver_no_sense: v.exactOptional(v.boolean()),
  push_config: members,
  message_config: members,
});

/**
 * The message that a form of V1 sends; `now` is when it was sent, if it does not say so itself. Throws `Refusal` 400
 * with NIM's own names of the fields.
 */
export function messageInForm(form: URLSearchParams, now: number): NimMessage {
  const filled = [...form].filter(([, value]) => value !== '');
  const said = parse(formBody, Object.fromEntries(filled));
  const type = typeOf(said.type) ?? 'custom';
  const names: readonly string[] = [...TEXT_FIELDS, ...FLAG_FIELDS];
  const push = Object.entries(said).filter(([name]) => names.includes(name));
  return {
    messageId: said.messageId ?? parse(idField, said.msgidClient, 'messageId'),
    type,
    conversationType: (['p2p', 'team', 'superTeam'] as const)[Number(said.ope)] ?? 'p2p',
    from: said.from,
    ...(said.fromNick === undefined ? {} : { nick: said.fromNick }),
    to: said.to,
    ...(type === 'text' ? { body: parse(textBody, said.body, 'body').msg } : {}),
    ...sentAtOf(said.msgTimestamp, now),
    pushConfig: {
      ...parse(pushConfig, Object.fromEntries(push)),
      ...(said.msgReceiverNoSense === '1' ? { pushEnabled: false } : {}),
    },
  };
}

/** The same of a body of V2; the path of a push property begins with `push_config`. */
export function messageInV2(given: unknown, now: number): NimMessage {
  const said = parse(messageV2Body, given);
  const [from = '', kind = '', to = ''] = said.conversation_id.split('|');
  const { message_type: code, text } = said.message;
  const { push_config: push = {}, message_config: config } = said;
  return {
    messageId: said.message_client_id,
    type: typeOf(code) ?? 'custom',
    conversationType: (['p2p', 'team', 'superTeam'] as const)[Number(kind) - 1] ?? 'p2p',
    from: parse(idField, from, 'conversation_id'),
    ...(said.sender_nick === undefined ? {} : { nick: said.sender_nick }),
    to: parse(idField, to, 'conversation_id'),
    ...(text === undefined ? {} : { body: text }),
    ...sentAtOf(said.create_time, now),
    pushConfig: {
      ...parse(pushConfig, { ...push, ...(config && { message_config: config }) }, 'push_config'),
      ...(said.receiver_no_sense ? { pushEnabled: false } : {}),
    },
  };
}

function sentAtOf(
  said: EpochMs | undefined,
  now: EpochMs,
): Pick<NimMessage, 'sentAt' | 'sentAtIsArrival'> {
  return said === undefined ? { sentAt: now, sentAtIsArrival: true } : { sentAt: said };
}
