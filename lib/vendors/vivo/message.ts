import { createHash, randomUUID } from 'node:crypto';
import { readLimits, type SendRequest } from '../vendor';
import { type Classing, classingOf } from './categories';
import limitsJson from './limits.json' with { type: 'json' };
import type { Words } from './real-words';

/** Paths of https://dev.vivo.com.cn/documentCenter/doc/362 (checked 2026-11-24). */
export const SEND_PATH = '/message/send';
export const SAVE_PATH = '/message/saveListPayload';
export const LIST_PATH = '/message/pushToList';

const limits = readLimits(limitsJson);

/** Editions of the document differ in the shortest and longest life; this is allowed by all of them since 2022. */
const SHORTEST_TTL_SECONDS = 60;

const CUSTOM_PAIRS = 10;
const CALLBACK_CHARACTERS = 128;
const CALLBACK_PARAM_CHARACTERS = 64;

/** A notification in vivo's terms, but for whom it is sent to. */
export interface VivoMessage {
  readonly words: Words;
  readonly timeToLiveSeconds: number;
  readonly classing: Classing;
  readonly clientCustomMap?: Readonly<Record<string, string>>;
  readonly notifyId: number;
  readonly addsBadge: boolean;
}

/** Puts a request into vivo's terms, in the words given. */
export function messageOf(request: SendRequest, words: Words): VivoMessage {
  const { notification, messageClass, ttlSeconds } = request;
  const { badge, data, notifyId } = notification;
  return {
    words,
    timeToLiveSeconds: Math.min(Math.max(ttlSeconds, SHORTEST_TTL_SECONDS), limits.maxTtlSeconds),
    classing: classingOf(messageClass),
    ...(fits(data) ? { clientCustomMap: data } : {}),
    notifyId,
    // vivo adds one and can do nothing else to the number
    addsBadge: badge !== undefined && 'add' in badge,
  };
}

function fits(data: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(data);
  const characters = pairs.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return pairs.length > 0 && pairs.length <= CUSTOM_PAIRS && characters <= limits.payloadBytes;
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
  return JSON.stringify({
    appId,
    ...(regId === undefined ? {} : { regId }),
    // sound and vibration
    notifyType: 4,
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
