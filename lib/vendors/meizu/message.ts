import type { NotificationAlert } from '../../model/notification';
import { fitText } from '../../rules/fit-text';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf } from './payload';

const limits = readLimits(limitsJson);

const HOUR_SECONDS = 3_600;

/** https://github.com/MEIZUPUSH/PushAPI (2025-04-09), `extra`. */
const CALLBACK_BYTES = 128;
const CALLBACK_PARAM_BYTES = 64;

/**
 * The `messageJson` of a request: what is signed must be what is sent, so it is made once. What `meizuField` says wins, but for how
 * long the message is kept and where its receipts go.
 */
export function messageJsonOf(request: SendRequest, packageName = '…'): string {
  const { notification, messageClass, ttlSeconds } = request;
  const { title, body, alert } = notification;
  const fields = fieldsOf(notification.fields);
  const { noticeBarInfo: bar, clickTypeInfo: click, advanceInfo: advanced, ...others } = fields;
  const { pushTimeInfo: _kept, extra: _receipts, ...more } = others;
  const notificationType = { ...notificationTypeOf(alert), ...advanced?.notificationType };
  const hours = Math.ceil(Math.min(ttlSeconds, limits.maxTtlSeconds) / HOUR_SECONDS);
  return JSON.stringify({
    noticeBarInfo: {
      // 1 private: chat; 0 public, of which a phone is shown a few a day
      noticeMsgType: messageClass?.instantMessaging === false ? 0 : 1,
      ...bar,
      title: visible([bar?.title ?? '', title, body, packageName], limits.titleCharacters),
      content: visible([bar?.content ?? '', body, title, packageName], limits.bodyCharacters),
    },
    // 0 opens the app, which gets the parameters
    clickTypeInfo: { clickType: 0, ...click, parameters: parametersOf(request, click?.parameters) },
    pushTimeInfo: { offLine: 1, validTime: hours },
    advanceInfo: {
      // of notifications with the same key only the newest is shown; in base 36 an id has at most 6 characters of the 8
      notifyKey: notification.notifyId.toString(36),
      ...advanced,
      ...(Object.keys(notificationType).length === 0 ? {} : { notificationType }),
    },
    ...more,
    ...receiptExtras(request),
  });
}

/** What the app gets on a click, within 2000 bytes: both, else what the field says, else the data. */
function parametersOf(
  { notification: { data } }: SendRequest,
  given: object = {},
): object | undefined {
  return [{ ...data, ...given }, given, data].find((parameters) => {
    const json = JSON.stringify(parameters);
    return json !== '{}' && Buffer.byteLength(json) <= limits.payloadBytes;
  });
}

/** The light makes no noise, so it is always on. */
function notificationTypeOf(alert: NotificationAlert | undefined): Record<string, 0 | 1> {
  if (alert === undefined) return {};
  return { vibrate: alert.vibration ? 1 : 0, lights: 1, sound: alert.sound ? 1 : 0 };
}

/** The first text with something to see, fitted; counted as Java counts, the shorter of two readings. */
function visible(texts: readonly string[], limit: number): string {
  const whole = texts.map((text) => fitText(text.toWellFormed(), limit, 'utf16-units'));
  return whole.find(isVisible) ?? '…';
}

/** Both delivered and clicked, which is what no `callback.type` means. */
function receiptExtras({ receiptUrl, jobId }: SendRequest) {
  if (receiptUrl === undefined || Buffer.byteLength(receiptUrl) > CALLBACK_BYTES) {
    return {};
  }
  const hasParameter = Buffer.byteLength(jobId) <= CALLBACK_PARAM_BYTES;
  return {
    extra: { callback: receiptUrl, ...(hasParameter ? { 'callback.param': jobId } : {}) },
  };
}
