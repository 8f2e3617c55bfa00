import type { Badge, Device } from '../model/account';
import type { PresenceEvent } from './presence';

/**
 * The number on a device's icon after a report that is newer than what is known: what the device says, else none where
 * somebody looks at the app. Nothing is kept of a device whose icon nobody has ever told of, unless it is an iPhone's.
 */
export function badgeAfter(
  { badge, platform }: Device,
  { event, at, badge: value }: Pick<PresenceEvent, 'event' | 'at' | 'badge'>,
): { readonly badge?: Badge } {
  if (value !== undefined) return { badge: { value, since: at } };
  const isLooked = event === 'foreground' || event === 'login';
  const isTold = badge !== undefined || platform === 'ios';
  if (isLooked && isTold) return { badge: { value: 0, since: at } };
  return badge === undefined ? {} : { badge };
}
