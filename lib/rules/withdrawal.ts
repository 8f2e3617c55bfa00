import type { AppSettings } from '../model/app-settings';
import type { Notification } from '../model/notification';
import type { UnreadMember, UnreadMessages } from '../model/unread';
import type { VendorAbilities } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';
import { badgeOf } from './unread';

/** A vendor with what it can do. */
export interface AbleVendor extends VendorAbilities {
  readonly vendor: VendorId;
}

/** Who sets the number on an icon without showing anything: https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification. */
const SETS_BADGE_ALONE: ReadonlySet<VendorId> = new Set(['apns']);

/** Whether a device that is pushed to through this vendor may have remembered messages. */
export function mayRemember(
  { badge, withdraws }: VendorAbilities,
  settings: Pick<AppSettings, 'badge' | 'withdrawRead' | 'classes'>,
): boolean {
  return (
    (settings.badge && badge === 'absolute') ||
    (settings.withdrawRead && withdraws) ||
    Object.values(settings.classes).some(({ collapse }) => collapse === 'conversation')
  );
}

/**
 * What is to be sent to a device once some of its messages are read: one withdrawal for each notification that stands
 * for nothing unread any more, or the number that is left; nothing where the vendor can do neither.
 *
 * @param base the number on the icon that is counted from
 */
export function withdrawalsAfter(
  { gone, left }: { readonly gone: readonly UnreadMember[]; readonly left: UnreadMessages },
  base: number,
  { vendor, badge, withdraws }: AbleVendor,
  settings: Pick<AppSettings, 'badge' | 'withdrawRead'>,
): Notification[] {
  const number = settings.badge && badge === 'absolute' ? badgeOf(base, left) : undefined;
  if (settings.withdrawRead && withdraws) {
    const shown = new Set(left.members.map(({ notifyId }) => notifyId));
    const ids = new Set(gone.map(({ notifyId }) => notifyId).filter((id) => !shown.has(id)));
    return [...ids].map((notifyId) => withdrawalOf(notifyId, number));
  }
  const [first] = gone.filter(({ counts }) => counts);
  return first !== undefined && number !== undefined && SETS_BADGE_ALONE.has(vendor)
    ? [withdrawalOf(first.notifyId, number)]
    : [];
}

/** A notification of which nothing is left to be seen but the number on the icon. */
function withdrawalOf(notifyId: number, badge: number | undefined): Notification {
  return {
    title: '',
    body: '',
    notifyId,
    dedupeKey: `w${notifyId}`,
    urgency: 'normal',
    messageClass: 'im',
    parts: { nick: '', content: '', conversation: '' },
    data: {},
    ...(badge === undefined ? {} : { badge: { set: badge } }),
  };
}
