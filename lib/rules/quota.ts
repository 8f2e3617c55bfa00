import type { DailyWindow } from '../model/account';
import type { AppSettings, CertificateLimits } from '../model/app-settings';
import type { DeviceRate, Quota, QuotaRefusal, VendorQuotas } from '../model/quota';
import type { SendOutcome } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import { entryOf } from './entry-of';
import { openingAt } from './quota-day';

/** What holds for a class of messages: what the certificate states, else what is published and needs no statement. */
export function quotaOf(
  quotas: VendorQuotas | undefined,
  quotaClass: string,
  limits: CertificateLimits = {},
): Quota {
  const published = entryOf(quotas?.classes ?? {}, quotaClass);
  const { dailyTotal: total, onlyIfStated = false } = published ?? {};
  const dailyTotal =
    entryOf(limits.dailyTotals ?? {}, quotaClass) ??
    (typeof total === 'number' ? total : undefined);
  const perDeviceDaily =
    entryOf(limits.perDeviceDaily ?? {}, quotaClass) ??
    (onlyIfStated ? undefined : published?.perDeviceDaily);
  const quietHours = entryOf(limits.quietHours ?? {}, quotaClass) ?? published?.quietHours;
  return {
    ...(dailyTotal === undefined ? {} : { dailyTotal }),
    ...(perDeviceDaily === undefined ? {} : { perDeviceDaily }),
    ...(quietHours === undefined ? {} : { quietHours }),
    deviceRates: published?.deviceRates ?? [],
  };
}

/** A rate as so many in a window that begins by the clock. */
export interface RateWindow {
  readonly seconds: number;
  readonly limit: number;
}

/**
 * A burst of n with one more every r seconds is kept by n/2 in n × r/2 seconds, wherever such a window begins: two of them that
 * meet are one burst, and each lasts as long as it takes to fill what it took.
 */
export function rateWindow(rate: DeviceRate): RateWindow {
  if ('limit' in rate) return rate;
  const limit = Math.max(1, Math.floor(rate.burst / 2));
  return { limit, seconds: limit * rate.refillSeconds };
}

/** Whether a vendor counts a message that ended so. What may have arrived is taken to be counted. */
export function isCounted(outcome: SendOutcome, counts: VendorQuotas['counts']): boolean {
  if (outcome.kind === 'accepted' || outcome.kind === 'unavailable') return true;
  return counts === 'requests' && outcome.kind !== 'throttled';
}

/** Nothing that was held wakes anybody: in the time zone of the vendor. */
export const NIGHT: DailyWindow = { from: '23:00', to: '07:00' };

/** What is to become of a target there is no quota for. */
export type WithoutQuotaStep =
  | { readonly do: 'other-channel' }
  | { readonly do: 'hold'; readonly until: EpochMs }
  | { readonly do: 'drop' };

/**
 * As the app wants it, but calls never wait. A held target comes when there is quota again, the class is open and the night is over;
 * one that has expired by then is dropped at once. A wait for the minutes of a device's rate is none of these: it is short.
 */
export function whenQuotaUsedUp(
  refusal: QuotaRefusal,
  {
    quotaUsedUp,
    isCall,
    hasOther,
    expiresAt,
    quietHours,
    timeZone,
  }: Pick<AppSettings, 'quotaUsedUp'> & {
    readonly isCall: boolean;
    /** Another channel leads to the device. */
    readonly hasOther: boolean;
    readonly expiresAt: EpochMs;
    readonly quietHours?: DailyWindow | undefined;
    readonly timeZone: string;
  },
): WithoutQuotaStep {
  const isShort = refusal.code === 'quota-device-rate';
  const holds = (quotaUsedUp === 'hold' || isShort) && !isCall;
  if (holds) {
    const windows = [NIGHT, ...(quietHours === undefined ? [] : [quietHours])];
    const until = isShort ? refusal.until : openingAt(windows, timeZone, refusal.until);
    return until !== undefined && until < expiresAt ? { do: 'hold', until } : { do: 'drop' };
  }
  return quotaUsedUp !== 'drop' && hasOther ? { do: 'other-channel' } : { do: 'drop' };
}
