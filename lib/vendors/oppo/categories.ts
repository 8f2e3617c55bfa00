import type { MessageClass } from '../../model/app-settings';

/**
 * Categories of the restricted class, "content and marketing", formerly public messages, and of "communication and service",
 * formerly private, which must be applied for: https://open.oppomobile.com/new/developmentDoc/info?id=13189 (checked 2026-11-24).
 */
export const CONTENT_AND_MARKETING = ['NEWS', 'CONTENT', 'MARKETING', 'SOCIAL'] as const;
export const COMMUNICATION_AND_SERVICE = [
  'IM',
  'ACCOUNT',
  'DEVICE_REMINDER',
  'ORDER',
  'TODO',
  'SUBSCRIPTION',
] as const;

const RESTRICTED: ReadonlySet<string> = new Set(CONTENT_AND_MARKETING);

/** Whether a category is of the restricted class; all that are not known here are not. */
export function isRestricted(category: string): boolean {
  return RESTRICTED.has(category);
}

/** The category a class of messages is sent as. */
export function categoryOf(messageClass: MessageClass | undefined): string {
  const category = messageClass?.category;
  if (messageClass?.instantMessaging !== false) {
    return category ?? 'IM';
  }
  return category !== undefined && isRestricted(category) ? category : 'MARKETING';
}
