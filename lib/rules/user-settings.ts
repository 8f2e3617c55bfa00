import type { Account, Device, UserSettings } from '../model/account';
import type { AppSettings } from '../model/app-settings';
import { isTimeZone } from './time-zone';

/**
 * What applies to a device. What the user set for it alone wins over what is set for the account, member by member;
 * but it stays quiet until the later of the two times, so that one that has passed hides nothing.
 */
export function userSettingsOf(
  { settings: all }: Account,
  { settings: own }: Device,
): UserSettings {
  if (own === undefined) return all ?? {};
  const showDetail = own.showDetail ?? all?.showDetail;
  const window = own.doNotDisturb?.window ?? all?.doNotDisturb?.window;
  const until = Math.max(own.doNotDisturb?.until ?? 0, all?.doNotDisturb?.until ?? 0);
  return {
    ...(showDetail !== undefined && { showDetail }),
    doNotDisturb: { ...(window && { window }), ...(until > 0 && { until }) },
  };
}

/** Whether a general text is to stand for who writes and what. */
export function hidesDetail(account: Account, device: Device): boolean {
  return userSettingsOf(account, device).showDetail === false;
}

/** The time zone of do-not-disturb windows that name none: what the device said, unless there is no such zone. */
export function timeZoneOf(device: Device, { timeZone }: Pick<AppSettings, 'timeZone'>): string {
  const own = device.facts.timeZone;
  return own !== undefined && isTimeZone(own) ? own : timeZone;
}

/** Languages to show texts of the app in, the best first; after them comes the app's own. */
export function languagesOf(account: Account, device: Device): readonly string[] {
  return [device.facts.locale, account.settings?.locale].filter((one) => one !== undefined);
}
