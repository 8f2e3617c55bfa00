import type { MessageClass } from '../../model/app-settings';

/**
 * Categories of the restricted class, "content and marketing", formerly public messages. All others are "communication and
 * service", formerly private, which must be applied for: https://open.oppomobile.com/new/developmentDoc/info?id=13189 (checked 2026-11-24).
 */
export const CONTENT_AND_MARKETING: ReadonlySet<string> = new Set([
  'NEWS',
  'CONTENT',
  'MARKETING',
  'SOCIAL',
]);

/** The category a class of messages is sent as. */
export function categoryOf(messageClass: MessageClass | undefined): string {
  const category = messageClass?.category;
  if (messageClass?.instantMessaging !== false) {
    return category ?? 'IM';
  }
  return category !== undefined && CONTENT_AND_MARKETING.has(category) ? category : 'MARKETING';
}
