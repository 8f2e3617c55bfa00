import type { MessageClass } from '../../model/app-settings';
import type { JsonObject } from '../../model/json-of';
import type { Notification } from '../../model/notification';
import { type EpochMs, SECOND_MS } from '../../model/time';
import { fitJsonText } from '../fit-json-text';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };
import { type ApsFields, fieldsOf } from './payload';

const limits = readLimits(limitsJson);

/** More of a title or subtitle is on no phone's screen; the body gets the rest of the payload. */
const TITLE_BYTES = 512;

/** What leaves less than this for the texts is left out: the notification is what the push is for. */
const TEXTS_BYTES = 1_024;

/** https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns: 10 at once, 5 saves power. */
const PRIORITY = { high: '10', normal: '5' } as const;

/** A notification in Apple's terms, but for the token. */
export interface ApnsMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Puts a request into Apple's terms, the payload within 4096 bytes. What `apsField` says wins. */
export function messageOf(request: SendRequest, topic: string, now: EpochMs): ApnsMessage {
  const { notification, messageClass, ttlSeconds } = request;
  const ttl = Math.min(ttlSeconds, limits.maxTtlSeconds);
  return {
    headers: {
      'apns-topic': topic,
      'apns-push-type': 'alert',
      'apns-priority': PRIORITY[notification.urgency],
      'apns-expiration': String(Math.floor(now / SECOND_MS) + ttl),
      // a repeat replaces what is shown
      'apns-collapse-id': String(notification.notifyId),
    },
    body: payloadOf(notification, messageClass),
  };
}

/**
 * What sets the number on the icon and shows nothing; undefined without an absolute number. It is tried once and not kept:
 * Apple keeps one message for a phone that is off, and that is to be one the user sees.
 */
export function badgeMessageOf({ badge }: Notification, topic: string): ApnsMessage | undefined {
  if (badge === undefined || !('set' in badge)) return undefined;
  return {
    headers: {
      'apns-topic': topic,
      'apns-push-type': 'alert',
      'apns-priority': PRIORITY.high,
      'apns-expiration': '0',
    },
    body: JSON.stringify({ aps: { badge: Math.max(0, badge.set) } }),
  };
}

/** Where there is too little room, custom data goes first, then what `apsField` says besides its texts. */
function payloadOf(notification: Notification, messageClass: MessageClass | undefined): string {
  const { aps: _reserved, ...data } = notification.data;
  const fields = fieldsOf(notification.fields);
  const { title, body } = textsIn(fields);
  const texts = {
    alert: { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) },
  };
  const preferred = [
    [data, fields],
    [{}, fields],
    [data, texts],
  ] as const;
  for (const [custom, said] of preferred) {
    const content = contentOf(notification, messageClass, said);
    if (roomIn(custom, content, '') >= TEXTS_BYTES) return fittedPayload(custom, content);
  }
  return fittedPayload({}, contentOf(notification, messageClass, texts));
}

/** What is to be shown: texts of any length, and all else. */
interface Content {
  /** Blank: none. */
  readonly title: string;
  /** Undefined: the app has it, to a key. */
  readonly body: string | undefined;
  readonly alert: JsonObject;
  readonly aps: JsonObject;
}

function contentOf(
  notification: Notification,
  messageClass: MessageClass | undefined,
  fields: ApsFields,
): Content {
  const { title: ownTitle, subtitle, body: ownBody, ...alert } = textsIn(fields);
  const texts = [notification.body, notification.title];
  const title = ownTitle ?? ('title-loc-key' in alert ? '' : notification.title);
  const shown = [ownBody ?? '', ...texts].map((text) => text.toWellFormed()).find(isVisible) ?? '…';
  return {
    title: title.toWellFormed(),
    body: ownBody === undefined && 'loc-key' in alert ? undefined : shown,
    alert: {
      ...(subtitle === undefined
        ? {}
        : { subtitle: fitJsonText(subtitle.toWellFormed(), TITLE_BYTES) }),
      ...alert,
    },
    aps: apsOf(notification, messageClass, fields),
  };
}

/** `alert` may be a text alone, which is the body. */
function textsIn({ alert = {} }: ApsFields) {
  return typeof alert === 'string' ? { body: alert } : alert;
}

function fittedPayload(custom: JsonObject, content: Content): string {
  const title = isVisible(content.title) ? fitJsonText(content.title, TITLE_BYTES) : '';
  const body = fitJsonText(content.body ?? '', roomIn(custom, content, title));
  return payloadWith(custom, content, { title, body });
}

/** Bytes left for the body. */
function roomIn(custom: JsonObject, content: Content, title: string): number {
  return limits.payloadBytes - Buffer.byteLength(payloadWith(custom, content, { title, body: '' }));
}

function payloadWith(
  custom: JsonObject,
  content: Content,
  { title, body }: { readonly title: string; readonly body: string },
): string {
  const alert = {
    ...(title === '' ? {} : { title }),
    ...(content.body === undefined ? {} : { body }),
    ...content.alert,
  };
  return JSON.stringify({ ...custom, aps: { alert, ...content.aps } });
}

/** What stands beside the texts. A number to add is no badge here: Apple takes absolute ones alone. */
function apsOf(
  { alert, badge, sound: soundFile = 'default' }: Notification,
  messageClass: MessageClass | undefined,
  { alert: _texts, ...fields }: ApsFields,
): JsonObject {
  const isSilent = alert?.sound === false;
  // without a sound there is no vibration either; this keeps the screen dark as well
  const isPassive = isSilent && !alert.vibration && fields.sound === undefined;
  return {
    ...(badge !== undefined && 'set' in badge ? { badge: Math.max(0, badge.set) } : {}),
    ...(isSilent ? {} : { sound: soundFile }),
    ...(messageClass?.category === undefined ? {} : { category: messageClass.category }),
    ...(isPassive ? { 'interruption-level': 'passive' } : {}),
    ...fields,
  };
}
