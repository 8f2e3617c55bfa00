import { categoryOf, fitMessage, type HuaweiContent } from '../huawei-content';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };

const limits = readLimits(limitsJson);

/** Where messages of a project are sent; only phones with HarmonyOS 5 and later are reached. */
export function sendPath(projectId: string): string {
  return `/v3/${projectId}/messages:send`;
}

/** `push-type` 0: a notification, with or without a badge. */
export const HEADERS = { 'Content-Type': 'application/json', 'push-type': '0' } as const;

/** developer.huawei.com, harmonyos-references/push-scenariozed-api-* (2026-04). */
const BI_TAG_BYTES = 64;

/** 0 starts the app, which gets `data`; same source. */
const OPEN_APP = 0;

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
      readonly actionType: number;
      readonly data?: Readonly<Record<string, string>>;
    };
    readonly badge?: HarmonyBadge;
    readonly foregroundShow: boolean;
  };
  readonly pushOptions: { readonly ttl: number; readonly biTag?: string };
}

/** `setNum` wins over `addNum`. */
interface HarmonyBadge {
  readonly addNum?: number;
  readonly setNum?: number;
}

/** Puts a request into Huawei's terms. The body of the HTTP request stays within 4096 bytes, tokens not counted. */
export function messageOf(request: SendRequest, packageName: string | undefined): HarmonyMessage {
  const bytesOf = (message: HarmonyMessage) => Buffer.byteLength(bodyOf(message, []));
  return fitMessage(request, packageName, { limitBytes: limits.payloadBytes, bytesOf }, (content) =>
    withContent(request, content),
  );
}

function withContent(
  { jobId, messageClass, notification, ttlSeconds }: SendRequest,
  { title, body, data }: HuaweiContent,
): HarmonyMessage {
  const badge = badgeOf(notification.badge);
  return {
    notification: {
      category: categoryOf(messageClass),
      title,
      body,
      notifyId: notification.notifyId,
      // of the message alone: a job that is split or sent again may have another id
      appMessageId: notification.dedupeKey,
      clickAction: { actionType: OPEN_APP, ...(data === undefined ? {} : { data }) },
      ...(badge === undefined ? {} : { badge }),
      // an app in the foreground gets the message and shows it itself
      foregroundShow: false,
    },
    pushOptions: {
      ttl: Math.min(ttlSeconds, limits.maxTtlSeconds),
      ...(Buffer.byteLength(jobId) > BI_TAG_BYTES ? {} : { biTag: jobId }),
    },
  };
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
