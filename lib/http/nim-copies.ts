import * as v from 'valibot';
import type { Platform } from '../model/account';
import { Refusal } from '../model/errors';
import { isJsonObject, jsonOf } from '../model/json-of';
import type { MessageType } from '../model/message-event';
import type { EpochMs } from '../model/time';
import { entryOf } from '../rules/entry-of';
import type { NimMessage } from '../rules/nim-message';
import { filledField, idField, textField, timeField } from './fields';
import { sentAtField } from './message-schemas';
import { parse } from './parse';
import { pushConfig } from './push-config';

/** What a copy tells, as far as it matters here. */
export type Copy =
  | {
      readonly kind: 'message';
      readonly message: NimMessage;
      /** What of its push properties could not be read, and was left out. */
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'presence';
      readonly event: 'login' | 'logout';
      readonly accountId: string;
      readonly deviceId: string;
      readonly at: EpochMs;
      readonly platform?: Platform;
    }
  | { readonly kind: 'ignored' };

/** NIM sends every value as text, but its callbacks have numbers where copies have digits. */
const word = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger())], 'must be a text or a number'),
  v.transform(String),
);
const digits = v.pipe(word, v.regex(/^\d+$/, 'must be whole milliseconds'), v.transform(Number));
const id = v.pipe(word, idField);

/** Any copy; only messages, logins and logouts are looked at. */
export const copyBody = v.looseObject({
  eventType: v.pipe(word, v.description('1 a message, 2 a login, 3 a logout; others are ignored')),
});

const kindOfMessage = v.object({ convType: word, msgType: word });

const messageCopy = v.object({
  fromAccount: id,
  fromDeviceId: v.exactOptional(id),
  fromNick: v.exactOptional(textField(256)),
  to: id,
  msgTimestamp: v.pipe(digits, sentAtField),
  msgidServer: v.exactOptional(id),
  msgidClient: v.exactOptional(id),
  body: v.exactOptional(textField(5000)),
  ext: v.exactOptional(v.unknown()),
});

const presenceCopy = v.object({
  accid: id,
  deviceId: id,
  timestamp: v.pipe(digits, timeField),
  clientType: v.exactOptional(word),
  code: v.exactOptional(word, '200'),
});

/** Conversations of two and of teams; custom system notifications have types of their own. */
const CONVERSATIONS: Readonly<Record<string, NimMessage['conversationType']>> = {
  PERSON: 'p2p',
  TEAM: 'team',
  SUPER_TEAM: 'superTeam',
};

/** What people send each other; NOTIFICATION and the like are events of a team or a friendship. */
const TYPES: Readonly<Record<string, MessageType>> = {
  TEXT: 'text',
  PICTURE: 'image',
  AUDIO: 'audio',
  VIDEO: 'video',
  LOCATION: 'location',
  FILE: 'file',
  TIPS: 'tip',
  CUSTOM: 'custom',
};

/** By name, and by the number that NIM's SDKs have for it. */
const PLATFORMS: Readonly<Record<string, Platform>> = {
  AOS: 'android',
  IOS: 'ios',
  PC: 'windows',
  WEB: 'web',
  MAC: 'macos',
  HARMONY: 'harmony',
  1: 'android',
  2: 'ios',
  4: 'windows',
  16: 'web',
  64: 'macos',
  65: 'harmony',
};

const extPush = v.looseObject({
  mentions: v.exactOptional(
    v.pipe(v.array(filledField(128)), v.maxLength(500, 'must have at most 500 entries')),
  ),
});

/**
 * What one of NIM's message copies tells. Throws `Refusal` 400 with the path of every field that cannot be read; push
 * properties in `ext` are left out instead, since NIM would only send the same copy again.
 *
 * Fields: https://doc.yunxin.163.com/messaging/guide/TcxNzU4NzU?platform=server (2025-01-02), and public receivers of
 * such copies, e.g. https://github.com/MrSong0607/netease-im.
 */
export function readCopy(given: unknown): Copy {
  const { eventType, ...copy } = withoutBlanks(parse(copyBody, given));
  switch (String(eventType)) {
    case '1':
      return messageIn(copy);
    case '2':
      return presenceIn('login', copy);
    case '3':
      return presenceIn('logout', copy);
    default:
      return { kind: 'ignored' };
  }
}

/** To NIM an empty text and a field left out are the same. */
function withoutBlanks(copy: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(copy).filter(([, value]) => value !== '' && value !== null),
  );
}

function messageIn(copy: unknown): Copy {
  const { convType, msgType } = parse(kindOfMessage, copy);
  const conversationType = entryOf(CONVERSATIONS, convType.toUpperCase());
  const type = entryOf(TYPES, msgType.toUpperCase());
  if (conversationType === undefined || type === undefined) return { kind: 'ignored' };
  const said = parse(messageCopy, copy);
  const messageId = said.msgidServer ?? said.msgidClient;
  if (messageId === undefined) {
    const message = 'is required, or msgidClient';
    throw new Refusal(400, 'the request has invalid fields', [{ path: 'msgidServer', message }]);
  }
  const { warnings, ...push } = pushIn(said.ext);
  return {
    kind: 'message',
    message: {
      messageId,
      type,
      conversationType,
      from: said.fromAccount,
      ...(said.fromDeviceId === undefined ? {} : { deviceId: said.fromDeviceId }),
      ...(said.fromNick === undefined ? {} : { nick: said.fromNick }),
      to: said.to,
      ...(said.body === undefined ? {} : { body: said.body }),
      sentAt: said.msgTimestamp,
      ...push,
    },
    warnings,
  };
}

/** The member `push` of `ext`, which is JSON as text: push properties in any spelling, and `mentions` beside them. */
function pushIn(ext: unknown) {
  const object = typeof ext === 'string' ? jsonOf(ext) : ext;
  const { push = {} } = isJsonObject(object) ? object : {};
  try {
    const { mentions, ...properties } = parse(extPush, push, 'ext.push');
    return {
      ...(mentions === undefined ? {} : { mentions }),
      pushConfig: parse(pushConfig, properties, 'ext.push'),
      warnings: [],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const warnings = error.fields.map(({ path, message }) => `${path} ${message}`);
    return { pushConfig: parse(pushConfig, {}), warnings };
  }
}

function presenceIn(event: 'login' | 'logout', copy: unknown): Copy {
  const { accid, deviceId, timestamp, clientType = '', code } = parse(presenceCopy, copy);
  if (code !== '200') return { kind: 'ignored' };
  const platform = entryOf(PLATFORMS, clientType.toUpperCase());
  return {
    kind: 'presence',
    event,
    accountId: accid,
    deviceId,
    at: timestamp,
    ...(platform === undefined ? {} : { platform }),
  };
}
