import type { JsonObject } from '../../model/json-of';
import { omit } from '../given-fields';
import { categoryOf, fitMessage, type HuaweiContent } from '../huawei-content';
import { joinedData, passThroughData } from '../pass-through-data';
import { readLimits, type SendRequest } from '../vendor';
import { alertOf } from './alert';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, type NotificationFields } from './payload';

const limits = readLimits(limitsJson);

/**
 * Where messages of an app are sent: v1 by the OAuth client of the app, v2 by the project, where one project sends for several apps.
 * Both reach phones up to HarmonyOS 4.x.
 */
export function sendPath({
  clientId,
  projectId,
}: {
  readonly clientId: string;
  readonly projectId?: string;
}): string {
  return projectId === undefined
    ? `/v1/${clientId}/messages:send`
    : `/v2/${projectId}/messages:send`;
}

export const HEADERS = { 'Content-Type': 'application/json;charset=UTF-8' } as const;

/** The same 64 as in HarmonyOS's API; this one states none. */
const BI_TAG_BYTES = 64;

/** Keep all messages for an offline phone, not only the newest. */
const NO_COLLAPSING = -1;
/** https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197: 3 opens the app, which finds `data` in its intent. */
const OPEN_APP = 3;
/** 1 is for tests: 500 a day. */
const NORMAL_MESSAGE = 0;

/** What is ours to say whatever a message's own fields say: how long it lives, where receipts go and what they are about. */
const OURS = ['bi_tag', 'receipt_id', 'notification', 'ttl', 'urgency'];

/** Settings of a message in Huawei's terms; fields of the message's own may add further ones. */
interface HuaweiAndroid {
  readonly collapse_key: number;
  readonly urgency: 'HIGH' | 'NORMAL';
  readonly ttl: string;
  readonly category: string;
  readonly bi_tag?: string;
  readonly target_user_type: number;
}

/** A notification in Huawei's terms, but for the tokens; the names are those on the wire. */
export interface HuaweiMessage {
  /** JSON in a string. */
  readonly data?: string;
  readonly android: HuaweiAndroid & {
    readonly notification: {
      readonly title: string;
      readonly body: string;
      readonly importance: 'LOW' | 'NORMAL';
      readonly channel_id?: string;
      readonly notify_id: number;
      readonly click_action: { readonly type?: number };
      readonly badge?: HuaweiBadge;
      readonly foreground_show: boolean;
    };
  };
}

/** A message that the app gets and nobody sees. */
export interface HuaweiPassThrough {
  /** Any text. */
  readonly data: string;
  readonly android: HuaweiAndroid;
}

/** `class` is the app's launcher activity; `set_num` wins over `add_num`, and with neither of them 1 is added. */
interface HuaweiBadge {
  readonly add_num?: number;
  readonly set_num?: number;
  readonly class: string;
}

/**
 * Puts a request into Huawei's terms: a message for the app alone if its fields ask for one, else a notification. The body of the
 * HTTP request stays within 4096 bytes, tokens not counted.
 */
export function pushOf(
  request: SendRequest,
  packageName: string | undefined,
): HuaweiMessage | HuaweiPassThrough {
  return passThroughOf(request) ?? messageOf(request, packageName);
}

/** The notification of a request; without its fields where they leave no room for the text. */
export function messageOf(request: SendRequest, packageName: string | undefined): HuaweiMessage {
  const { hwField } = fieldsOf(request.notification.fields);
  const draft = (fields: NotificationFields) => ({
    title: fields.title,
    body: fields.body,
    make: (content: HuaweiContent) => withContent(request, fields, content),
  });
  return fitMessage(
    request,
    packageName,
    { limitBytes: limits.payloadBytes, bytesOf },
    { plain: draft({}), preferred: hwField && draft(hwField) },
  );
}

/** What the app alone is to get; undefined if nothing of the kind is asked for, or it is too large. */
function passThroughOf(request: SendRequest): HuaweiPassThrough | undefined {
  const { hwPassThroughField: field } = fieldsOf(request.notification.fields);
  if (field === undefined) return undefined;
  const { data: ofAndroid, ...settings } = field.android ?? {};
  const android = androidOf(request, settings, settings.urgency);
  return passThroughData(request.notification, ofAndroid ?? field.data)
    .map((data) => ({ data, android }))
    .find((message) => bytesOf(message) <= limits.payloadBytes);
}

function withContent(
  request: SendRequest,
  { androidConfig = {}, ...fields }: NotificationFields,
  { title, body, data }: HuaweiContent,
): HuaweiMessage {
  const { messageClass, notification } = request;
  const { data: given, ...settings } = androidConfig;
  const joined = joinedData(data, given);
  const badge = badgeOf(request, fields.badge);
  return {
    ...(joined === undefined ? {} : { data: joined }),
    android: {
      ...androidOf(request, settings, 'NORMAL'),
      notification: {
        title,
        body,
        ...alertOf(notification, messageClass),
        notify_id: notifyIdOf(notification.notifyId, fields.notify_id),
        click_action: { type: OPEN_APP },
        ...(badge === undefined ? {} : { badge }),
        // an app in the foreground shows its messages itself
        foreground_show: false,
        ...omit(fields, ['title', 'body', 'notify_id', 'group', 'badge']),
      },
    },
  };
}

/** High urgency is for pass-through messages, and a right of its own. */
function androidOf(
  { jobId, messageClass, ttlSeconds }: SendRequest,
  settings: JsonObject & { readonly ttl?: string },
  urgency: 'HIGH' | 'NORMAL' = 'NORMAL',
): HuaweiAndroid {
  const ownSeconds = settings.ttl === undefined ? ttlSeconds : Number.parseInt(settings.ttl, 10);
  return {
    collapse_key: NO_COLLAPSING,
    urgency,
    ttl: `${Math.min(ttlSeconds, ownSeconds, limits.maxTtlSeconds)}s`,
    category: categoryOf(messageClass),
    ...(Buffer.byteLength(jobId) > BI_TAG_BYTES ? {} : { bi_tag: jobId }),
    target_user_type: NORMAL_MESSAGE,
    ...omit(settings, OURS),
  };
}

/** -1 lets Huawei choose one, so that a repeat would show twice. */
function notifyIdOf(own: number, given = -1): number {
  return given < 0 ? own : given;
}

/** Without the launcher's class Huawei refuses a badge, so there is none. 0 can be set, not added. */
function badgeOf(
  { messageClass, notification }: SendRequest,
  given: NotificationFields['badge'],
): HuaweiBadge | undefined {
  const launcher = given?.class ?? messageClass?.launcherActivity;
  if (launcher === undefined) return undefined;
  if (given?.add_num !== undefined || given?.set_num !== undefined) {
    return { ...given, class: launcher };
  }
  const { badge } = notification;
  if (badge === undefined) {
    return given && { ...given, class: launcher };
  }
  if ('set' in badge) {
    return { set_num: Math.min(Math.max(badge.set, 0), 99), class: launcher };
  }
  return badge.add < 1 ? undefined : { add_num: Math.min(badge.add, 99), class: launcher };
}

/** The body of the HTTP request. */
export function bodyOf(
  { data, android }: HuaweiMessage | HuaweiPassThrough,
  tokens: readonly string[],
): string {
  return JSON.stringify({ validate_only: false, message: { token: tokens, data, android } });
}

function bytesOf(message: HuaweiMessage | HuaweiPassThrough): number {
  return Buffer.byteLength(bodyOf(message, []));
}
