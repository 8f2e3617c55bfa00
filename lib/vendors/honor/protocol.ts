import type { MessageClass } from '../../model/app-settings';
import type { JsonObject } from '../../model/json-of';
import type { Notification } from '../../model/notification';
import type { EpochMs } from '../../model/time';
import type { HttpRequest } from '../../model/vendor-ports';
import { fitText } from '../../rules/fit-text';
import { omit } from '../given-fields';
import { joinedData, passThroughData } from '../pass-through-data';
import { jsonPost } from '../posts';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, type HonorFields, type NotificationFields } from './payload';

const limits = readLimits(limitsJson);

const MAX_BADGE = 99;

/** What is ours to say whatever a message's own fields say. */
const OURS = ['ttl', 'biTag', 'data', 'notification'];

/** Settings of a message in Honor's terms; fields of the message's own may add further ones. */
interface HonorAndroid {
  /** Seconds, e.g. `86400s`. */
  readonly ttl: string;
  /** Echoed in receipts. */
  readonly biTag: string;
  /** 1 is a test message, of which there are 1000 a day. */
  readonly targetUserType: number;
}

/** A notification in Honor's terms; the order of the members is that of the body. */
export interface HonorMessage {
  /** Custom data as JSON; an app that is opened by a click gets it. */
  readonly data?: string;
  readonly android: HonorAndroid & {
    readonly notification: {
      readonly title: string;
      readonly body: string;
      readonly importance: 'LOW' | 'NORMAL';
      readonly notifyId: number;
      /** 1 opens a page of the app, 2 a page of the web, 3 the app. */
      readonly clickAction: { readonly type?: number; readonly intent?: string };
      readonly badge?: HonorBadge;
    };
  };
}

/** A message that the app gets and nobody sees. */
export interface HonorPassThrough {
  /** Any text. */
  readonly data: string;
  readonly android: HonorAndroid;
}

/** What a message is built with besides its request. */
interface Addressing {
  readonly biTag: string;
  readonly packageName?: string | undefined;
}

interface HonorBadge {
  readonly addNum?: number;
  readonly setNum?: number;
  readonly badgeClass: string;
}

/** The path of a send; the App ID is that of the push service's page, not the client id. */
export function sendPath(appId: string): string {
  return `/api/v1/${appId}/sendMessage`;
}

/** NORMAL is service and communication, LOW is marketing, of which a phone shows 2 a day. */
export function importanceOf(settings: MessageClass | undefined): 'LOW' | 'NORMAL' {
  const isRestricted = settings?.importance === 'low' || settings?.instantMessaging === false;
  return isRestricted ? 'LOW' : 'NORMAL';
}

/** Puts a request into Honor's terms: a message for the app alone if its fields ask for one, else a notification. */
export function pushOf(
  request: SendRequest,
  addressing: Addressing,
): HonorMessage | HonorPassThrough {
  return passThroughOf(request, addressing) ?? messageOf(request, addressing);
}

/** The notification of a request: custom data that would make it too long is left out, then the message's own fields. */
export function messageOf(request: SendRequest, addressing: Addressing): HonorMessage {
  const { data } = request.notification;
  const { honorField = {} } = fieldsOf(request.notification.fields);
  const own = Object.keys(data).length === 0 ? undefined : data;
  const bare = notificationOf(request, addressing, {});
  const wanted = [own, undefined].map((some) =>
    notificationOf(request, addressing, honorField, some),
  );
  return [...wanted, notificationOf(request, addressing, {}, own)].find(isShort) ?? bare;
}

/** What the app alone is to get; undefined if nothing of the kind is asked for, or it is too long. */
function passThroughOf(request: SendRequest, addressing: Addressing): HonorPassThrough | undefined {
  const { honorPassThroughField: field } = fieldsOf(request.notification.fields);
  if (field === undefined) return undefined;
  const { android = {}, data } = field;
  return passThroughData(request.notification, android.data ?? data)
    .map((some) => ({ data: some, android: androidOf(request, addressing, android) }))
    .find(isShort);
}

function isShort(message: HonorMessage | HonorPassThrough): boolean {
  return Buffer.byteLength(JSON.stringify(message)) <= limits.payloadBytes;
}

function notificationOf(
  request: SendRequest,
  addressing: Addressing,
  { data: given, notification: fields = {}, ...settings }: NonNullable<HonorFields['honorField']>,
  data?: JsonObject,
): HonorMessage {
  const { notification, messageClass } = request;
  const { packageName = '…' } = addressing;
  const isBig = fields.style === 1;
  const title = fields.title ?? (isBig ? fields.bigTitle : undefined) ?? notification.title;
  const body = fields.body ?? (isBig ? fields.bigBody : undefined) ?? notification.body;
  const texts = {
    title: visible([title, body, packageName], limits.titleCharacters),
    body: visible([body, title, packageName], limits.bodyCharacters),
  };
  const { notifyId = -1 } = fields;
  const joined = joinedData(data, given);
  return {
    ...(joined === undefined ? {} : { data: joined }),
    android: {
      ...androidOf(request, addressing, settings),
      notification: {
        ...texts,
        importance: importanceOf(messageClass),
        // -1 lets Honor choose one, so that a repeat would show twice
        notifyId: notifyId < 0 ? notification.notifyId : notifyId,
        clickAction: { type: 3 },
        ...badgeOf(notification, messageClass?.launcherActivity, fields.badge),
        ...omit(fields, ['title', 'body', 'bigTitle', 'bigBody', 'notifyId', 'badge']),
        ...(isBig ? { bigTitle: texts.title, bigBody: texts.body } : {}),
      },
    },
  };
}

function androidOf(
  { ttlSeconds }: SendRequest,
  { biTag }: Addressing,
  settings: JsonObject & { readonly ttl?: string },
): HonorAndroid {
  const ownSeconds = settings.ttl === undefined ? ttlSeconds : Number.parseInt(settings.ttl, 10);
  return {
    ttl: `${Math.min(ttlSeconds, ownSeconds, limits.maxTtlSeconds)}s`,
    biTag,
    targetUserType: 0,
    ...omit(settings, OURS),
  };
}

/** The first text with something to see, fitted; counted as Java counts, the shorter of two readings. */
function visible(texts: readonly string[], limit: number): string {
  const whole = texts.map((text) => fitText(text.toWellFormed(), limit, 'utf16-units'));
  return whole.find(isVisible) ?? '…';
}

/** Honor takes a badge only with the app's first activity. */
function badgeOf(
  { badge }: Notification,
  launcher: string | undefined,
  given: NotificationFields['badge'],
): { readonly badge?: HonorBadge } {
  const badgeClass = given?.badgeClass ?? launcher;
  if (badgeClass === undefined) return {};
  if (given?.addNum !== undefined || given?.setNum !== undefined) {
    return { badge: { ...given, badgeClass } };
  }
  if (badge === undefined) return {};
  if ('set' in badge) {
    return { badge: { setNum: Math.min(Math.max(badge.set, 0), MAX_BADGE), badgeClass } };
  }
  return badge.add < 1 ? {} : { badge: { addNum: Math.min(badge.add, MAX_BADGE), badgeClass } };
}

/** The HTTP request of a message. `now` is the time Honor is told. */
export function buildRequest(
  message: HonorMessage | HonorPassThrough,
  tokens: readonly string[],
  sent: {
    readonly url: string;
    readonly accessToken: string;
    readonly timeoutMs: number;
    readonly now: EpochMs;
  },
): HttpRequest {
  return jsonPost(sent.url, JSON.stringify({ token: tokens, ...message }), {
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      Authorization: `Bearer ${sent.accessToken}`,
      timestamp: String(sent.now),
    },
    timeoutMs: sent.timeoutMs,
    weight: tokens.length,
  });
}
