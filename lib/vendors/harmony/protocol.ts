import type { JsonObject } from '../../model/json-of';
import type { Notification } from '../../model/notification';
import { omit } from '../given-fields';
import { categoryOf, fitMessage, type HuaweiContent } from '../huawei-content';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, type HarmonyFields, type NotificationFields } from './payload';

const limits = readLimits(limitsJson);

/** Where messages of a project are sent; only phones with HarmonyOS 5 and later are reached. */
export function sendPath(projectId: string): string {
  return `/v3/${projectId}/messages:send`;
}

/** Where messages are taken back: by the app's client, and not by its project (harmonyos-references/push-msg-revoke). */
export function revokePath(clientId: string): string {
  return `/v1/${clientId}/messages:revoke`;
}

/** `push-type` 0: a notification, with or without a badge. */
export const HEADERS = { 'Content-Type': 'application/json', 'push-type': '0' } as const;

/** developer.huawei.com, harmonyos-references/push-scenariozed-api-* (2026-04). */
const BI_TAG_BYTES = 64;

/** 0 starts the app, which gets `data`, 1 a page of it; same source. */
const OPEN_APP = 0;
const OPEN_PAGE = 1;

/** What may be sent in one request, as `testMessage`; same source. */
const TEST_TOKENS = 10;

/** A notification in Huawei's terms, but for the tokens; the names are those on the wire. */
export interface HarmonyMessage {
  readonly notification: {
    readonly category: string;
    readonly title: string;
    readonly body: string;
    readonly notifyId: number;
    /** Shown once within 24 hours. */
    readonly appMessageId: string;
    readonly clickAction: {
      readonly actionType?: number;
      readonly data?: JsonObject;
    };
    readonly badge?: HarmonyBadge;
    /** A file in the app's raw files. */
    readonly sound?: string;
    readonly foregroundShow: boolean;
  };
  readonly pushOptions: { readonly ttl: number; readonly biTag?: string };
}

/** `setNum` wins over `addNum`. */
interface HarmonyBadge {
  readonly addNum?: number;
  readonly setNum?: number;
}

/**
 * Puts a request into Huawei's terms, without its fields where they leave no room for the text. The body of the HTTP request stays
 * within 4096 bytes, tokens not counted.
 */
export function messageOf(request: SendRequest, packageName: string | undefined): HarmonyMessage {
  const fields = fieldsOf(request.notification.fields);
  const draft = (used: HarmonyFields) => ({
    title: used.notification?.title,
    body: used.notification?.body,
    make: (content: HuaweiContent) => withContent(request, used, content),
  });
  return fitMessage(
    request,
    packageName,
    {
      limitBytes: limits.payloadBytes,
      bytesOf: (message) => Buffer.byteLength(bodyOf(message, [])),
    },
    { plain: draft({}), preferred: draft(fields) },
  );
}

/** What one request may carry: of test messages less. */
export function tokensPerRequest({ notification: { fields } }: SendRequest): number {
  return fieldsOf(fields).pushOptions?.testMessage === true ? TEST_TOKENS : limits.tokensPerRequest;
}

function withContent(
  { jobId, messageClass, notification, ttlSeconds }: SendRequest,
  { notification: fields = {}, pushOptions = {} }: HarmonyFields,
  { title, body, data }: HuaweiContent,
): HarmonyMessage {
  const badge = badgeOf(notification.badge);
  const { alert, sound } = notification;
  return {
    notification: {
      category: categoryOf(messageClass),
      title,
      body,
      notifyId: notifyIdOf(notification),
      // of the message alone: a job that is split or sent again may have another id
      appMessageId: notification.dedupeKey,
      clickAction: clickActionOf(fields.clickAction, data),
      ...(badge === undefined ? {} : { badge }),
      ...(sound === undefined || alert?.sound === false ? {} : { sound }),
      // an app in the foreground gets the message and shows it itself
      foregroundShow: false,
      ...omit(fields, ['title', 'body', 'notifyId', 'appMessageId', 'clickAction']),
    },
    pushOptions: {
      ttl: Math.min(ttlSeconds, pushOptions.ttl ?? ttlSeconds, limits.maxTtlSeconds),
      ...(Buffer.byteLength(jobId) > BI_TAG_BYTES ? {} : { biTag: jobId }),
      // receipts go where the console says, and a notification has no background
      ...omit(pushOptions, ['ttl', 'biTag', 'receiptId', 'backgroundMode']),
    },
  };
}

/** The message's own, by which it can be replaced and taken back; -1 would let Huawei choose one. */
function notifyIdOf({ fields, notifyId }: Notification): number {
  const { notifyId: given = -1 } = fieldsOf(fields).notification ?? {};
  return given < 0 ? notifyId : given;
}

/** Where a page or the app is opened, it gets our custom data as well. */
function clickActionOf(
  given: NotificationFields['clickAction'] = { actionType: OPEN_APP },
  data: JsonObject | undefined,
): HarmonyMessage['notification']['clickAction'] {
  const opens = given.actionType === OPEN_APP || given.actionType === OPEN_PAGE;
  return opens && data !== undefined ? { ...given, data: { ...data, ...given.data } } : given;
}

/** 0..99 to set, 1..99 to add. */
function badgeOf(badge: SendRequest['notification']['badge']): HarmonyBadge | undefined {
  if (badge === undefined) {
    return undefined;
  }
  if ('set' in badge) {
    return { setNum: Math.min(Math.max(badge.set, 0), 99) };
  }
  return badge.add < 1 ? undefined : { addNum: Math.min(badge.add, 99) };
}

/** The body of the HTTP request. */
export function bodyOf(message: HarmonyMessage, tokens: readonly string[]): string {
  const { notification, pushOptions } = message;
  return JSON.stringify({ payload: { notification }, target: { token: tokens }, pushOptions });
}

/** The body of the HTTP request that takes a request's notification back. */
export function revokeBodyOf({ notification }: SendRequest, tokens: readonly string[]): string {
  return JSON.stringify({ notifyId: notifyIdOf(notification), token: tokens });
}
