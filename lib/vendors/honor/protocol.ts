import type { MessageClass } from '../../model/app-settings';
import type { Notification } from '../../model/notification';
import type { EpochMs } from '../../model/time';
import type { HttpRequest } from '../../model/vendor-ports';
import { fitText } from '../../rules/fit-text';
import { jsonPost } from '../posts';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };

const limits = readLimits(limitsJson);

const MAX_BADGE = 99;

/** A notification in Honor's terms; the order of the members is that of the body. */
export interface HonorMessage {
  /** Custom data as JSON; an app that is opened by a click gets it. */
  readonly data?: string;
  readonly android: {
    /** Seconds, e.g. `86400s`. */
    readonly ttl: string;
    /** Echoed in receipts. */
    readonly biTag: string;
    /** 0: not a test message, of which there are 1000 a day. */
    readonly targetUserType: 0;
    readonly notification: {
      readonly title: string;
      readonly body: string;
      readonly importance: 'LOW' | 'NORMAL';
      readonly notifyId: number;
      /** 1 opens a page of the app, 3 the app. */
      readonly clickAction: { readonly type: 1; readonly intent: string } | { readonly type: 3 };
      readonly badge?: HonorBadge;
    };
  };
}

type HonorBadge = ({ readonly addNum: number } | { readonly setNum: number }) & {
  readonly badgeClass: string;
};

/** The path of a send; the App ID is that of the push service's page, not the client id. */
export function sendPath(appId: string): string {
  return `/api/v1/${appId}/sendMessage`;
}

/** NORMAL is service and communication, LOW is marketing, of which a phone shows 2 a day. */
export function importanceOf(settings: MessageClass | undefined): 'LOW' | 'NORMAL' {
  const isRestricted = settings?.importance === 'low' || settings?.instantMessaging === false;
  return isRestricted ? 'LOW' : 'NORMAL';
}

/** Puts a request into Honor's terms. */
export function messageOf(
  request: SendRequest,
  {
    biTag,
    packageName = '…',
  }: { readonly biTag: string; readonly packageName?: string | undefined },
): HonorMessage {
  const { notification, messageClass, ttlSeconds } = request;
  const { title, body } = notification;
  const message: HonorMessage = {
    android: {
      ttl: `${Math.min(ttlSeconds, limits.maxTtlSeconds)}s`,
      biTag,
      targetUserType: 0,
      notification: {
        title: visible([title, body, packageName], limits.titleCharacters),
        body: visible([body, title, packageName], limits.bodyCharacters),
        importance: importanceOf(messageClass),
        notifyId: notification.notifyId,
        clickAction: { type: 3 },
        ...badgeOf(notification, messageClass?.launcherActivity),
      },
    },
  };
  const data = JSON.stringify(notification.data);
  const whole: HonorMessage = { data, ...message };
  const isTooLong = Buffer.byteLength(JSON.stringify(whole)) > limits.payloadBytes;
  return data === '{}' || isTooLong ? message : whole;
}

/** The first text with something to see, fitted; counted as Java counts, the shorter of two readings. */
function visible(texts: readonly string[], limit: number): string {
  const whole = texts.map((text) => fitText(text.toWellFormed(), limit, 'utf16-units'));
  return whole.find(isVisible) ?? '…';
}

/** Honor takes a badge only with the app's first activity. */
function badgeOf({ badge }: Notification, badgeClass: string | undefined) {
  if (badge === undefined || badgeClass === undefined) {
    return {};
  }
  if ('set' in badge) {
    return { badge: { setNum: Math.min(Math.max(badge.set, 0), MAX_BADGE), badgeClass } };
  }
  return badge.add < 1 ? {} : { badge: { addNum: Math.min(badge.add, MAX_BADGE), badgeClass } };
}

/** The HTTP request of a message. `now` is the time Honor is told. */
export function buildRequest(
  message: HonorMessage,
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
