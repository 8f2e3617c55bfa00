import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../model/json-of';
import type { Notification, NotificationAlert } from '../../model/notification';
import { omit } from '../given-fields';
import { readLimits, type SendRequest } from '../vendor';
import { type Classing, classingOf } from './categories';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, fitsCustomMap } from './payload';
import { realWords, type Words } from './real-words';

/** Paths of https://dev.vivo.com.cn/documentCenter/doc/362 (checked 2026-11-24). */
export const SEND_PATH = '/message/send';
export const SAVE_PATH = '/message/saveListPayload';
export const LIST_PATH = '/message/pushToList';

const limits = readLimits(limitsJson);

/** Editions of the document differ in the shortest and longest life; this is allowed by all of them since 2022. */
const SHORTEST_TTL_SECONDS = 60;

const CALLBACK_CHARACTERS = 128;
const CALLBACK_PARAM_CHARACTERS = 64;

/** What is ours to say: whom it reaches, what is a repeat, where receipts go. */
const OURS = [
  'appId',
  'regId',
  'regIds',
  'alias',
  'aliases',
  'taskId',
  'tagExpression',
  'requestId',
  'extra',
];

/** A notification in vivo's terms, but for whom it is sent to. */
export interface VivoMessage {
  readonly words: Words;
  /** 1 none, 2 sound, 3 vibration, 4 both. */
  readonly notifyType: 1 | 2 | 3 | 4;
  readonly timeToLiveSeconds: number;
  readonly classing: Classing;
  readonly clientCustomMap?: Readonly<Record<string, string>>;
  readonly notifyId: number;
  readonly addsBadge: boolean;
  /** What else `vivoField` says; it wins over what has no place here. */
  readonly others: JsonObject;
}

/** Puts a request into vivo's terms, in the words given. What `vivoField` says wins, but for what is ours. */
export function messageOf(request: SendRequest, words: Words): VivoMessage {
  const { notification, messageClass, ttlSeconds } = request;
  const {
    title: _title,
    content: _content,
    notifyType = notifyTypeOf(notification.alert),
    timeToLive = ttlSeconds,
    classification,
    category,
    clientCustomMap: given,
    notifyId = notification.notifyId,
    addBadge = adds(notification),
    ...others
  } = fieldsOf(notification.fields);
  const seconds = Math.min(ttlSeconds, timeToLive, limits.maxTtlSeconds);
  const clientCustomMap = customMapOf(notification.data, given);
  return {
    words,
    notifyType,
    timeToLiveSeconds: Math.max(seconds, SHORTEST_TTL_SECONDS),
    classing: classingOf(messageClass, {
      ...(classification === undefined ? {} : { classification }),
      ...(category === undefined ? {} : { category }),
    }),
    ...(clientCustomMap && { clientCustomMap }),
    notifyId,
    addsBadge: addBadge,
    others: omit(others, OURS),
  };
}

/** The words of a notification, or those that `vivoField` has in their place, as vivo takes them. */
export function wordsOf({ title, body, fields }: Notification): Words {
  const own = fieldsOf(fields);
  return realWords(own.title ?? title, own.content ?? body);
}

function notifyTypeOf({ sound, vibration }: NotificationAlert = { sound: true, vibration: true }) {
  if (sound) return vibration ? 4 : 2;
  return vibration ? 3 : 1;
}

/** vivo adds one and can do nothing else to the number. */
function adds({ badge }: Notification): boolean {
  return badge !== undefined && 'add' in badge && badge.add > 0;
}

/** What the app gets on a click: both, else what the field says, else the data. */
function customMapOf(data: Notification['data'], given: Notification['data'] = {}) {
  return [{ ...data, ...given }, given, data].find(
    (map) => Object.keys(map).length > 0 && fitsCustomMap(map),
  );
}

/** Who a message, or its saved body, is for. */
interface Envelope {
  readonly appId: number;
  readonly regId?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** The body of a message to one phone, or, without a `regId`, that of one to be pushed to a list. */
export function bodyOf(message: VivoMessage, { appId, regId, extra, requestId }: Envelope): string {
  const { others } = message;
  return JSON.stringify({
    appId,
    ...(regId === undefined ? {} : { regId }),
    notifyType: message.notifyType,
    title: message.words.title,
    content: message.words.content,
    timeToLive: message.timeToLiveSeconds,
    // opens the app, whose first page gets `clientCustomMap`
    skipType: 1,
    networkType: -1,
    ...message.classing,
    ...(message.clientCustomMap && { clientCustomMap: message.clientCustomMap }),
    ...(extra && { extra }),
    requestId,
    // 1 would be for test devices only
    pushMode: 0,
    notifyId: message.notifyId,
    // an app in the foreground shows its messages itself
    foregroundShow: false,
    ...(message.addsBadge ? { addBadge: true } : {}),
    // lists have no profile
    ...(regId === undefined ? omit(others, ['profileId']) : others),
  });
}

/** The body that pushes a saved one to two or more phones. */
export function listBodyOf(taskId: string, regIds: readonly string[], requestId: string): string {
  return JSON.stringify({ taskId, regIds, requestId });
}

/** Receipts are for single pushes only: asked for where address and parameter are within their limits. */
export function receiptExtra({ receiptUrl, jobId }: SendRequest) {
  if (receiptUrl === undefined || receiptUrl.length > CALLBACK_CHARACTERS) {
    return {};
  }
  const param = jobId.length > CALLBACK_PARAM_CHARACTERS ? {} : { 'callback.param': jobId };
  return { extra: { callback: receiptUrl, ...param } };
}

/**
 * The same for a repeat of this message, in the same words, to the same phones, and for nothing else: vivo takes a request once.
 * At most 64 characters.
 */
export function requestIdOf(dedupeKey: string, words: Words, tokens: readonly string[]): string {
  const what = JSON.stringify([words, [...tokens].sort()]);
  return `${dedupeKey}-${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
}

/** To save a body shows nothing to anybody, so a repeat may well be a request of its own. */
export function savingIdOf(dedupeKey: string): string {
  return `${dedupeKey}-${randomUUID()}`;
}
