import pMap from 'p-map';
import type { Certificate } from '../model/certificate';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { CountedClass, Quota, QuotaCounter, QuotaRefusal } from '../model/quota';
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import { periodEndsAt, periodOf, toldLimit } from '../rules/device-rates';
import { isInWindow } from '../rules/do-not-disturb';
import { isCounted, quotaOf, rateWindow } from '../rules/quota';
import { nextDayAt, openingAt } from '../rules/quota-day';
import { dayIn } from '../rules/time-zone';
import type { Vendor } from '../vendors/vendor';
import type { DeliveryPorts } from './deliver-jobs';
import { withTargets } from './pick-due';
import type { SentTarget } from './send-pushes';

/** A target there is no quota for. */
export interface WithoutQuota {
  readonly push: Push;
  readonly target: PushTarget;
  readonly refusal: QuotaRefusal;
}

/** What may be sent, and what not. */
export interface TakenQuotas {
  readonly sendable: readonly Push[];
  readonly without: readonly WithoutQuota[];
  /** Gives back what was taken for targets that the vendor does not count. */
  giveBack(sent: readonly SentTarget[]): Promise<void>;
}

type QuotaPorts = Pick<
  DeliveryPorts,
  'vendor' | 'quotaClassOf' | 'quotas' | 'deviceRates' | 'clock'
>;

/** A pause made elsewhere is known so soon: to classes with limits of their own, and to all others. */
const PAUSE_AGE_MS = 10 * SECOND_MS;
const RARE_PAUSE_AGE_MS = MINUTE_MS;
const PARALLEL_TAKES = 20;

/**
 * Takes the quota that the targets of a job need, before anything is sent. Costs a write for each target of a class with a limit for
 * each device, one for all of a class with a daily total, and nothing but a look at its pause, kept for a minute, for other classes.
 */
export async function takeQuotas(
  job: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: QuotaPorts,
): Promise<TakenQuotas> {
  const taken = new Map<PushTarget, readonly QuotaCounter[]>();
  const without: WithoutQuota[] = [];
  const byClass = Map.groupBy(pushes, (push) => classOf(push, certificate, ports));
  for (const [quotaClass, some] of byClass) {
    if (quotaClass === undefined) continue;
    without.push(...(await takeForClass(quotaClass, job, some, certificate, ports, taken)));
  }
  const refused = new Set(without.map(({ target }) => target));
  return {
    sendable:
      refused.size === 0
        ? pushes
        : pushes.flatMap((push) =>
            withTargets(
              push,
              push.targets.filter((target) => !refused.has(target)),
            ),
          ),
    without,
    async giveBack(sent) {
      const counts = ports.vendor.limits.quotas?.counts ?? 'accepted';
      // what another notification stood for the vendor has not seen
      const unused = sent.flatMap(({ target, outcome, mergedInto }) =>
        isCounted(outcome, counts) && mergedInto === undefined ? [] : (taken.get(target) ?? []),
      );
      await giveBackAll(unused, ports);
    },
  };
}

/** The class a push will be counted in; what is taken back is counted in none. */
export function classOf(
  { notification, withdraws }: Push,
  { classes }: Certificate,
  { quotaClassOf }: Pick<DeliveryPorts, 'quotaClassOf'>,
): string | undefined {
  if (withdraws) return undefined;
  return quotaClassOf?.(notification, classes?.[notification.messageClass]);
}

async function takeForClass(
  quotaClass: string,
  { vendor, appKey, certificate: name }: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: QuotaPorts,
  taken: Map<PushTarget, readonly QuotaCounter[]>,
): Promise<WithoutQuota[]> {
  const all = pushes.flatMap((push) => push.targets.map((target) => ({ push, target })));
  const now = ports.clock.now();
  const of: CountedClass = { vendor, appKey, certificate: name, quotaClass };
  const quota = quotaOf(ports.vendor.limits.quotas, quotaClass, certificate.limits);
  const closed = await closedNow(of, quota, now, ports);
  if (closed !== undefined) return all.map((one) => ({ ...one, refusal: closed }));

  const counted = await pMap(
    all,
    async (one) => ({ ...one, ...(await takeForDevice(of, quota, one.target, now, ports)) }),
    { concurrency: PARALLEL_TAKES },
  );
  const without = counted.flatMap(({ push, target, refusal }) =>
    refusal === undefined ? [] : [{ push, target, refusal }],
  );
  const within = counted.filter(({ refusal }) => refusal === undefined);
  const { dailyTotal } = quota;
  const total = dailyTotal === undefined ? undefined : totalOf(of, now, ports);
  const room =
    total === undefined || dailyTotal === undefined || within.length === 0
      ? within.length
      : await ports.quotas.take(total, within.length, dailyTotal);
  for (const { target, counters } of within.slice(0, room)) {
    taken.set(target, total === undefined ? counters : [...counters, total]);
  }
  const over = within.slice(room);
  await giveBackAll(
    over.flatMap(({ counters }) => counters),
    ports,
  );
  const text = `today's ${dailyTotal} messages of the class ${quotaClass} are used up`;
  const refusal: QuotaRefusal = { code: 'quota-daily', text, until: nextMidnight(now, ports) };
  return [...without, ...over.map(({ push, target }) => ({ push, target, refusal }))];
}

/** Why nothing of a class is sent now: it is paused, or these are not its hours. */
async function closedNow(
  of: CountedClass,
  { dailyTotal, perDeviceDaily, quietHours }: Quota,
  now: EpochMs,
  { vendor, quotas }: QuotaPorts,
): Promise<QuotaRefusal | undefined> {
  if (quietHours !== undefined && isInWindow(quietHours, zoneOf(vendor), now)) {
    const { from, to } = quietHours;
    const text = `messages of the class ${of.quotaClass} are not taken from ${from} to ${to}`;
    const until = openingAt([quietHours], zoneOf(vendor), now) ?? Number.POSITIVE_INFINITY;
    return { code: 'quiet-hours', text, until };
  }
  if (!pausesByDay(vendor)) return undefined;
  const isLimited = dailyTotal !== undefined || perDeviceDaily !== undefined;
  const until = await quotas.pausedUntil(of, isLimited ? PAUSE_AGE_MS : RARE_PAUSE_AGE_MS);
  if (until === undefined) return undefined;
  const text = `${vendor.id} said that today's messages of the class ${of.quotaClass} are used up`;
  return { code: 'quota-daily', text, until };
}

/** Only what a vendor may say can have been said. */
function pausesByDay({ errors }: Vendor): boolean {
  return Object.values(errors).some(({ scope }) => scope === 'day');
}

interface DeviceTake {
  /** What was counted, and can be given back. */
  readonly counters: readonly QuotaCounter[];
  readonly refusal?: QuotaRefusal;
}

async function takeForDevice(
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

function totalOf(of: CountedClass, now: EpochMs, ports: QuotaPorts): QuotaCounter {
  const period = dayIn(zoneOf(ports.vendor), now);
  return { of, period, keepUntil: now + 2 * DAY_MS };
}

async function giveBackAll(
  counters: readonly QuotaCounter[],
  { quotas }: Pick<QuotaPorts, 'quotas'>,
): Promise<void> {
  const same = Map.groupBy(counters, ({ of, period, token }) =>
    JSON.stringify([of, period, token]),
  );
  await pMap(
    same.values(),
    async ([first, ...rest]) => first && quotas.giveBack(first, 1 + rest.length),
    { concurrency: PARALLEL_TAKES },
  );
}

function nextMidnight(now: EpochMs, { vendor }: QuotaPorts): EpochMs {
  return nextDayAt(zoneOf(vendor), now);
}

/** Where the vendor's day begins; those of most are in China. */
export function zoneOf({ limits }: Vendor): string {
  return limits.quotas?.timeZone ?? 'Asia/Shanghai';
}
