import type { CertificateEntry } from '../model/app-settings';
import type { QuotaReader } from '../model/flow-state';
import type { EpochMs } from '../model/time';
import { quotaOf } from '../rules/quota';
import { dayIn } from '../rules/time-zone';
import type { Vendor } from '../vendors/vendor';
import { zoneOf } from './take-for-device';

/** How much of one class of messages may still be sent today, by the vendor's calendar. */
export interface QuotaState {
  /** The vendor's own name of it. */
  readonly class: string;
  /** Messages a day; absent, as the next two, where it hangs on what the vendor knows and the certificate does not state it. */
  readonly total?: number;
  readonly used?: number;
  readonly left?: number;
  /** Nothing of the class is sent before then: the vendor says that its total is used up. */
  readonly pausedUntil?: EpochMs;
}

/** The daily totals of a certificate, and the classes that are paused; empty where there is nothing of the kind. */
export async function readQuotas(
  appKey: string,
  { name, vendor, limits = {} }: CertificateEntry,
  facts: Vendor,
  now: EpochMs,
  quotas: QuotaReader,
): Promise<readonly QuotaState[]> {
  const published = facts.limits.quotas;
  const day = dayIn(zoneOf(facts), now);
  const classes = new Set(
    [published?.classes, limits.dailyTotals].flatMap((some) => Object.keys(some ?? {})),
  );
  const states = [...classes].map(async (quotaClass) => {
    const of = { vendor, appKey, certificate: name, quotaClass };
    const { dailyTotal: total } = quotaOf(published, quotaClass, limits);
    const [used, pausedUntil] = await Promise.all([
      total === undefined ? 0 : quotas.used(of, day),
      quotas.pausedUntil(of, now),
    ]);
    if (total === undefined && pausedUntil === undefined) return [];
    return [
      {
        class: quotaClass,
        ...(total === undefined ? {} : { total, used, left: Math.max(0, total - used) }),
        ...(pausedUntil === undefined ? {} : { pausedUntil }),
      },
    ];
  });
  return (await Promise.all(states)).flat();
}
