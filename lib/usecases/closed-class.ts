import type { CountedClass, Quota, QuotaRefusal } from '../model/quota';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import { isInWindow } from '../rules/do-not-disturb';
import type { EarlierSender } from '../rules/earlier-sender';
import { openingAt } from '../rules/quota-day';
import type { Vendor } from '../vendors/vendor';
import { type QuotaPorts, zoneOf } from './take-for-device';

/** Why nothing of a class is sent now. */
export interface ClosedClass {
  readonly refusal: QuotaRefusal;
  /** The earlier sender found it open. */
  readonly wasOpen: boolean;
}

/** A pause made elsewhere is known so soon: to classes with limits of their own, and to all others. */
const PAUSE_AGE_MS = 10 * SECOND_MS;
const RARE_PAUSE_AGE_MS = MINUTE_MS;

/** Looks whether a class is paused, or these are not its hours. */
export async function closedNow(
  of: CountedClass,
  { dailyTotal, perDeviceDaily, quietHours }: Quota,
  now: EpochMs,
  earlier: EarlierSender | undefined,
  { vendor, quotas }: QuotaPorts,
): Promise<ClosedClass | undefined> {
  const zone = zoneOf(vendor);
  if (quietHours !== undefined && isInWindow(quietHours, zone, now)) {
    const { from, to } = quietHours;
    const text = `messages of the class ${of.quotaClass} are not taken from ${from} to ${to}`;
    const until = openingAt([quietHours], zone, now) ?? Number.POSITIVE_INFINITY;
    const wasOpen = earlier !== undefined && !isInWindow(quietHours, zone, earlier.beganAt);
    return { refusal: { code: 'quiet-hours', text, until }, wasOpen };
  }
  if (!pausesByDay(vendor)) return undefined;
  const isLimited = dailyTotal !== undefined || perDeviceDaily !== undefined;
  const pause = await quotas.pauseOf(of, isLimited ? PAUSE_AGE_MS : RARE_PAUSE_AGE_MS);
  if (pause === undefined) return undefined;
  const text = `${vendor.id} said that today's messages of the class ${of.quotaClass} are used up`;
  return {
    refusal: { code: 'quota-daily', text, until: pause.until },
    wasOpen: earlier !== undefined && pause.since > earlier.beganAt,
  };
}

/** Only what a vendor may say can have been said. */
function pausesByDay({ errors }: Vendor): boolean {
  return Object.values(errors).some(({ scope }) => scope === 'day');
}
