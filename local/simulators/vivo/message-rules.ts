import { chinaHour } from '../china-day';
import { type Refusal, refuse } from './codes';
import type { VivoMessage } from './message';

/** System messages (vivo open platform, doc 359). */
const SYSTEM: ReadonlySet<string> = new Set([
  'IM',
  'ACCOUNT',
  'TODO',
  'DEVICE_REMINDER',
  'ORDER',
  'SUBSCRIPTION',
]);
/** Operational messages (doc 359). */
const OPERATIONAL: ReadonlySet<string> = new Set(['NEWS', 'CONTENT', 'MARKETING', 'SOCIAL']);

/** Whose limits a message is under. */
export type MessageClass = 'system' | 'operational';

/** The class by `category`, which may stand for `classification`; neither makes it operational. */
export function classOf({ category, classification }: VivoMessage): MessageClass {
  if (category !== undefined) return SYSTEM.has(category) ? 'system' : 'operational';
  return classification === 1 ? 'system' : 'operational';
}

/** Operational messages are sent from 7 to 23 o'clock in China (Alibaba EMAS on vivo's limits). */
export function isWithinHours(now: number): boolean {
  const hour = chinaHour(now);
  return hour >= 7 && hour < 23;
}

/** Code of a wrong parameter: that of its call. */
export const PARAMETER_CODES = { send: 10_000, group: 10_200 } as const;

/** What a message with the right fields still does wrong. */
export function findRefusal(
  message: VivoMessage,
  appId: string,
  contentReview: boolean,
  parameterCode: number,
): Refusal | undefined {
  if (String(message.appId) !== appId) return refuse(10_094);
  const { skipType, skipContent } = message;
  if (skipType !== 1 && skipContent === undefined)
    return refuse(parameterCode, 'skipContent不合法');
  if (skipType === 2 && !/^https?:\/\/\S+$/.test(skipContent ?? '')) {
    return refuse(parameterCode, 'skipContent不合法');
  }
  return (
    checkCategory(message) ??
    (contentReview && message.pushMode !== 1 ? review(message) : undefined)
  );
}

function checkCategory(message: VivoMessage): Refusal | undefined {
  const { category, classification } = message;
  if (category === undefined) return undefined;
  if (!SYSTEM.has(category) && !OPERATIONAL.has(category)) return refuse(10_096);
  if (classification === undefined) return undefined;
  return (classification === 1) === SYSTEM.has(category) ? undefined : refuse(10_097);
}

/**
 * Texts a production app may not send: only digits, only Latin letters, only symbols, brackets, a word for
 * "test". From a comment beside real answers in a production client.
 */
function review({ title, content }: VivoMessage): Refusal | undefined {
  for (const text of [title, content]) {
    if (/测试|\btest/i.test(text)) return refuse(10_104);
    if (/^[A-Za-z\s]+$/.test(text) || /^[\d\p{P}\p{S}\s]+$/u.test(text) || /[[\]{}]/.test(text)) {
      return refuse(10_085);
    }
  }
  return undefined;
}
