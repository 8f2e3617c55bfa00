import type { Badge, Device } from '../model/account';
import { classOf } from './platform';
import type { PresenceEvent } from './presence';

/**
 * The number on a device's icon after a report that is newer than what is known: what the device says, else none where
 * somebody looks at the app. From that moment on is also counted how many messages a conversation's one notification
 * stands for, so it is kept of every phone, whatever its channel.
 */
export function badgeAfter(
  { badge, platform }: Device,
  { event, at, badge: value }: Pick<PresenceEvent, 'event' | 'at' | 'badge'>,
): { readonly badge?: Badge } {
  if (value !== undefined) return { badge: { value, since: at } };
  const isLooked = event === 'foreground' || event === 'login';
  if (isLooked && classOf(platform) === 'mobile') return { badge: { value: 0, since: at } };
  return badge === undefined ? {} : { badge };
}
