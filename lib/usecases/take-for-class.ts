import pMap from 'p-map';
import type { Certificate } from '../model/certificate';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { CountedClass, QuotaCounter, QuotaRefusal } from '../model/quota';
import { type EpochMs, SECOND_MS } from '../model/time';
import { type EarlierSender, mayHaveArrived } from '../rules/earlier-sender';
import { quotaOf } from '../rules/quota';
import { daysBetween } from '../rules/quota-day';
import { closedNow } from './closed-class';
import {
  type DeviceTake,
  giveBackAll,
  nextMidnight,
  type QuotaPorts,
  type Taking,
  takeForDevice,
  takenSince,
  totalOf,
  zoneOf,
} from './take-for-device';

/** A target there is no quota for. */
export interface WithoutQuota {
  readonly push: Push;
  readonly target: PushTarget;
  readonly refusal: QuotaRefusal;
}

/** When a job is sent. */
export interface SendTimes {
  /** No request is started after this. */
  readonly lastStartAt: EpochMs;
  /** Who may have sent it before. */
  readonly earlier?: EarlierSender;
}

interface PushedTarget {
  readonly push: Push;
  readonly target: PushTarget;
}

/** What was taken for a job, as it comes about. */
export interface Taken {
  readonly times: SendTimes;
  /** For a target, by what it is sent as; and what it is if the vendor does not count it. */
  readonly counters: Map<
    PushTarget,
    { readonly counters: readonly QuotaCounter[]; readonly uncounted: PushTarget }
  >;
  /** Targets as they are sent, by what they were before, where that is not the same. */
  readonly sentAs: Map<PushTarget, PushTarget>;
  /** Not to be sent now. */
  readonly left: Set<PushTarget>;
  readonly late: PushedTarget[];
}

interface TargetTake extends PushedTarget, DeviceTake {
  /** On which its quota has to be taken. */
  readonly days: readonly string[];
}

const PARALLEL_TAKES = 20;
/** Kept for sending what quota was taken for. */
const SENDING_MS = 5 * SECOND_MS;
/** A request leaves so long after it was started at the latest: it waits for an access token and for a pass, maybe twice. */
const LONGEST_START_MS = 7 * SECOND_MS;

/** Takes the quota of one class; answers those there is none for. */
export async function takeForClass(
  quotaClass: string,
  { vendor, appKey, certificate: name }: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: QuotaPorts,
  taken: Taken,
): Promise<WithoutQuota[]> {
  const { earlier, lastStartAt } = taken.times;
  const all = pushes.flatMap((push) => push.targets.map((target) => ({ push, target })));
  const now = ports.clock.now();
  const of: CountedClass = { vendor, appKey, certificate: name, quotaClass };
  const quota = quotaOf(ports.vendor.limits.quotas, quotaClass, certificate.limits);
  const leave = (one: PushedTarget, refusal: QuotaRefusal, mayBeThere: boolean): WithoutQuota => {
    taken.left.add(one.target);
    const target = mayBeThere ? mayHaveArrived(one.target, earlier) : one.target;
    return { push: one.push, target, refusal };
  };
  const closed = await closedNow(of, quota, now, earlier, ports);
  if (closed !== undefined) return all.map((one) => leave(one, closed.refusal, closed.wasOpen));

  const taking: Taking = { of, quota, now, earlier };
  const isDaily = quota.dailyTotal !== undefined || quota.perDeviceDaily !== undefined;
  const sentBy = lastStartAt + LONGEST_START_MS;
  const days = isDaily ? daysBetween(zoneOf(ports.vendor), now, sentBy) : [];
  const counted = await pMap(
    all.flatMap((one) => {
      const own = days.filter((day) => day > (one.target.counted ?? ''));
      return isDaily && own.length === 0 ? [] : [{ ...one, days: own }];
    }),
    async (one): Promise<TargetTake> => {
      if (ports.clock.now() > lastStartAt - SENDING_MS) {
        taken.left.add(one.target);
        taken.late.push({ push: one.push, target: mayHaveArrived(one.target, earlier) });
        return { ...one, counters: [], rates: [], isLate: true };
      }
      return { ...one, ...(await takeForDevice(taking, one.target.token, one.days, ports)) };
    },
    { concurrency: PARALLEL_TAKES },
  );
  const { within, over } = await takeTotals(
    taking,
    days,
    counted.filter(({ refusal, isLate }) => refusal === undefined && !isLate),
    ports,
  );
  for (const { target, counters } of within) {
    const uncounted = mayHaveArrived(target, earlier);
    const [last] = days.slice(-1);
    const own = last === undefined ? uncounted : { ...uncounted, counted: last };
    taken.counters.set(own, { counters, uncounted });
    if (own !== target) taken.sentAs.set(target, own);
  }
  // of the same day it is known that the earlier sender took none either
  const mayBeThere = days.at(-1) !== earlier?.day;
  const text = `today's ${quota.dailyTotal} messages of the class ${quotaClass} are used up`;
  const refusal: QuotaRefusal = { code: 'quota-daily', text, until: nextMidnight(now, ports) };
  return [
    ...counted.flatMap((one) => (one.refusal ? [leave(one, one.refusal, mayBeThere)] : [])),
    ...over.map((one) => leave(one, refusal, mayBeThere)),
  ];
}

/** Takes each day's total for those that need it; what was taken for others is given back. */
async function takeTotals(
  { of, quota: { dailyTotal }, now, earlier }: Taking,
  days: readonly string[],
  all: readonly TargetTake[],
  ports: QuotaPorts,
): Promise<{ readonly within: readonly TargetTake[]; readonly over: readonly TargetTake[] }> {
  if (dailyTotal === undefined) return { within: all, over: [] };
  let within = all;
  const over: TargetTake[] = [];
  for (const day of days) {
    const needy = within.filter((one) => one.days.includes(day));
    if (needy.length === 0) continue;
    const total = totalOf(of, day, now);
    const earlierAt = takenSince(day, earlier);
    const room = await ports.quotas.take(total, needy.length, dailyTotal, earlierAt);
    const [given, refused] = [new Set(needy.slice(0, room)), needy.slice(room)];
    over.push(...refused);
    within = within.flatMap((one) => {
      if (given.has(one)) return [{ ...one, counters: [...one.counters, total] }];
      return one.days.includes(day) ? [] : [one];
    });
  }
  await giveBackAll(
    over.flatMap(({ counters, rates }) => [...counters, ...rates]),
    ports,
  );
  return { within, over };
}
