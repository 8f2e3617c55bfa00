import { categoryOf, fitMessage, type HuaweiContent } from '../huawei-content';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };

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

/** A notification in Huawei's terms, but for the tokens; the names are those on the wire. */
export interface HuaweiMessage {
  /** JSON in a string. */
  readonly data?: string;
  readonly android: {
    readonly collapse_key: number;
    readonly urgency: 'NORMAL';
    readonly ttl: string;
    readonly category: string;
    readonly bi_tag?: string;
    readonly target_user_type: number;
    readonly notification: {
      readonly title: string;
      readonly body: string;
      readonly importance: 'LOW' | 'NORMAL';
      readonly channel_id?: string;
      readonly notify_id: number;
      readonly click_action: { readonly type: number };
      readonly badge?: HuaweiBadge;
      readonly foreground_show: boolean;
    };
  };
}

/** `class` is the app's launcher activity; `set_num` wins over `add_num`. */
interface HuaweiBadge {
  readonly add_num?: number;
  readonly set_num?: number;
  readonly class: string;
}

/** Puts a request into Huawei's terms. The body of the HTTP request stays within 4096 bytes, tokens not counted. */
export function messageOf(request: SendRequest, packageName: string | undefined): HuaweiMessage {
  const bytesOf = (message: HuaweiMessage) => Buffer.byteLength(bodyOf(message, []));
  return fitMessage(request, packageName, { limitBytes: limits.payloadBytes, bytesOf }, (content) =>
    withContent(request, content),
  );
}

function withContent(request: SendRequest, { title, body, data }: HuaweiContent): HuaweiMessage {
  const { jobId, messageClass, notification, ttlSeconds } = request;
  const { channelId, importance } = messageClass ?? {};
  const badge = badgeOf(request);
  return {
    ...(data === undefined ? {} : { data: JSON.stringify(data) }),
    android: {
      collapse_key: NO_COLLAPSING,
      // the other one is for pass-through messages, and a right of its own
      urgency: 'NORMAL',
      ttl: `${Math.min(ttlSeconds, limits.maxTtlSeconds)}s`,
      category: categoryOf(messageClass),
      ...(Buffer.byteLength(jobId) > BI_TAG_BYTES ? {} : { bi_tag: jobId }),
      target_user_type: NORMAL_MESSAGE,
      notification: {
        title,
        body,
        importance: importance === 'low' ? 'LOW' : 'NORMAL',
        ...(channelId === undefined ? {} : { channel_id: channelId }),
        notify_id: notification.notifyId,
        click_action: { type: OPEN_APP },
        ...(badge === undefined ? {} : { badge }),
        // an app in the foreground shows its messages itself
        foreground_show: false,
      },
    },
  };
}

/** Without the launcher's class Huawei refuses a badge, so there is none. 0 can be set, not added. */
function badgeOf({ messageClass, notification }: SendRequest): HuaweiBadge | undefined {
  const launcher = messageClass?.launcherActivity;
  const { badge } = notification;
  if (launcher === undefined || badge === undefined) {
    return undefined;
  }
  if ('set' in badge) {
    return { set_num: Math.min(Math.max(badge.set, 0), 99), class: launcher };
  }
  return badge.add < 1 ? undefined : { add_num: Math.min(badge.add, 99), class: launcher };
}

/** The body of the HTTP request. */
export function bodyOf({ data, android }: HuaweiMessage, tokens: readonly string[]): string {
  return JSON.stringify({ validate_only: false, message: { token: tokens, data, android } });
}
