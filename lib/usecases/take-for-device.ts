import pMap from 'p-map';
import type { PushTarget } from '../model/push-job';
import type { CountedClass, Quota, QuotaCounter, QuotaRefusal } from '../model/quota';
import { DAY_MS, type EpochMs } from '../model/time';
import { periodEndsAt, periodOf, toldLimit } from '../rules/device-rates';
import { rateWindow } from '../rules/quota';
import { nextDayAt } from '../rules/quota-day';
import { dayIn } from '../rules/time-zone';
import type { Vendor } from '../vendors/vendor';
import type { DeliveryPorts } from './deliver-jobs';

/** What taking quotas needs. */
export type QuotaPorts = Pick<
  DeliveryPorts,
  'vendor' | 'quotaClassOf' | 'quotas' | 'deviceRates' | 'clock'
>;

const PARALLEL_GIVE_BACKS = 20;

/** What came of taking one device's quota. */
export interface DeviceTake {
  /** What was counted, and can be given back. */
  readonly counters: readonly QuotaCounter[];
  readonly refusal?: QuotaRefusal;
  /** There was no time to take it. */
  readonly isLate?: true;
}

/** Takes what one device may have of a class: a write for each, where there is such a limit. */
export async function takeForDevice(
  of: CountedClass,
  { perDeviceDaily, deviceRates }: Quota,
  { token }: PushTarget,
  now: EpochMs,
  ports: QuotaPorts,
): Promise<DeviceTake> {
  const { counts, containers } = ports.deviceRates;
  const device = `${of.appKey}/${of.certificate}/${token}`;
  for (const rate of deviceRates) {
    const window = rateWindow(rate);
    const units = counts.count(window, device, now);
    if (units === 0) continue;
    const endsAt = periodEndsAt(window.seconds, now);
    const counter: QuotaCounter = {
      // the same device in whatever class
      of: { ...of, quotaClass: `rate-${window.seconds}` },
      period: String(periodOf(window.seconds, now)),
      token,
      keepUntil: endsAt + DAY_MS,
    };
    const limit = toldLimit(window.limit, containers);
    if ((await ports.quotas.take(counter, units, limit)) < units) {
      const text = `the device has had all it may in ${window.seconds} s`;
      return {
        counters: [],
        refusal: { code: 'quota-device-rate', text, until: endsAt },
      };
    }
    counts.told(window, device, now);
  }
  if (perDeviceDaily === undefined) return { counters: [] };
  const counter = { ...totalOf(of, now, ports), token };
  if ((await ports.quotas.take(counter, 1, perDeviceDaily)) === 1) return { counters: [counter] };
  const text = `the device has had its ${perDeviceDaily} messages of the class ${of.quotaClass} today`;
  return {
    counters: [],
    refusal: { code: 'quota-device', text, until: nextMidnight(now, ports) },
  };
}

/** The counter of a class for the vendor's day. */
export function totalOf(of: CountedClass, now: EpochMs, ports: QuotaPorts): QuotaCounter {
  const period = dayIn(zoneOf(ports.vendor), now);
  return { of, period, keepUntil: now + 2 * DAY_MS };
}

/** Gives units back, one write for each counter. */
export async function giveBackAll(
  counters: readonly QuotaCounter[],
  { quotas }: Pick<QuotaPorts, 'quotas'>,
): Promise<void> {
  const same = Map.groupBy(counters, ({ of, period, token }) =>
    JSON.stringify([of, period, token]),
  );
  await pMap(
    same.values(),
    async ([first, ...rest]) => first && quotas.giveBack(first, 1 + rest.length),
    { concurrency: PARALLEL_GIVE_BACKS },
  );
}

/** When the vendor's next day begins. */
export function nextMidnight(now: EpochMs, { vendor }: QuotaPorts): EpochMs {
  return nextDayAt(zoneOf(vendor), now);
}

/** Where the vendor's day begins; those of most are in China. */
export function zoneOf({ limits }: Vendor): string {
  return limits.quotas?.timeZone ?? 'Asia/Shanghai';
}
