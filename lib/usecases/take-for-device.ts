import pMap from 'p-map';
import type { CountedClass, Quota, QuotaCounter, QuotaRefusal } from '../model/quota';
import { DAY_MS, type EpochMs } from '../model/time';
import { periodEndsAt, periodOf, toldLimit } from '../rules/device-rates';
import type { EarlierSender } from '../rules/earlier-sender';
import { rateWindow } from '../rules/quota';
import { nextDayAt } from '../rules/quota-day';
import type { Vendor } from '../vendors/vendor';
import type { DeliveryPorts } from './deliver-jobs';

/** What taking quotas needs. */
export type QuotaPorts = Pick<
  DeliveryPorts,
  'vendor' | 'quotaClassOf' | 'quotas' | 'deviceRates' | 'clock' | 'telemetry'
>;

const PARALLEL_GIVE_BACKS = 20;

/** What quota is taken of. */
export interface Taking {
  readonly of: CountedClass;
  readonly quota: Quota;
  readonly now: EpochMs;
  readonly earlier: EarlierSender | undefined;
}

/** What came of taking one device's quota. */
export interface DeviceTake {
  /** What was counted, and can be given back. */
  readonly counters: readonly QuotaCounter[];
  /** The same, but only if nothing is sent: how fast it is sent to counts whatever the vendor says. */
  readonly rates: readonly QuotaCounter[];
  readonly refusal?: QuotaRefusal;
  /** There was no time to take it. */
  readonly isLate?: true;
}

/** Takes what one device may have of a class, on each of these days: a write for each, where there is such a limit. */
export async function takeForDevice(
  { of, quota: { perDeviceDaily, deviceRates }, now, earlier }: Taking,
  token: string,
  days: readonly string[],
  ports: QuotaPorts,
): Promise<DeviceTake> {
  const { counts, containers } = ports.deviceRates;
  const device = `${of.appKey}/${of.certificate}/${token}`;
  const rates: QuotaCounter[] = [];
  const counters: QuotaCounter[] = [];
  async function refuse(refusal: QuotaRefusal): Promise<DeviceTake> {
    await giveBackAll([...rates, ...counters], ports);
    return { counters: [], rates: [], refusal };
  }

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
    if ((await ports.quotas.take(counter, units, limit)) === units) {
      counts.told(window, device, now);
      rates.push(counter);
    } else if (earlier === undefined) {
      const text = `the device has had all it may in ${window.seconds} s`;
      // a part of it stands for pushes that were sent before
      return refuse({ code: 'quota-device-rate', text, until: endsAt });
    }
  }
  for (const day of perDeviceDaily === undefined ? [] : days) {
    const counter = { ...totalOf(of, day, now), token };
    const earlierAt = takenSince(day, earlier);
    if ((await ports.quotas.take(counter, 1, perDeviceDaily ?? 0, earlierAt)) < 1) {
      const text = `the device has had its ${perDeviceDaily} messages of the class ${of.quotaClass} today`;
      return refuse({ code: 'quota-device', text, until: nextMidnight(now, ports) });
    }
    counters.push(counter);
  }
  return { counters, rates };
}

/** The counter of a class for a day of the vendor. */
export function totalOf(of: CountedClass, day: string, now: EpochMs): QuotaCounter {
  return { of, period: day, keepUntil: now + 2 * DAY_MS };
}

/** Since when the earlier sender may have taken a day's quota; what it took on another day is of no use on this one. */
export function takenSince(day: string, earlier: EarlierSender | undefined): EpochMs | undefined {
  return earlier?.day === day ? earlier.beganAt : undefined;
}

/** Gives units back, one write for each counter. One that cannot be given back is lost, which is no reason to send anything again. */
export async function giveBackAll(
  counters: readonly QuotaCounter[],
  { quotas, telemetry }: Pick<QuotaPorts, 'quotas' | 'telemetry'>,
): Promise<void> {
  const same = Map.groupBy(counters, ({ of, period, token }) =>
    JSON.stringify([of, period, token]),
  );
  await pMap(
    same.values(),
    async ([first, ...rest]) => {
      if (first === undefined) return;
      try {
        await quotas.giveBack(first, 1 + rest.length);
      } catch (error) {
        const { of, period } = first;
        telemetry.log('error', 'quota not given back', { ...of, period, error });
      }
    },
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
