import pMap from 'p-map';
import type { Certificate } from '../model/certificate';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { CountedClass, Quota, QuotaCounter, QuotaRefusal } from '../model/quota';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import { isInWindow } from '../rules/do-not-disturb';
import { isCounted, quotaOf } from '../rules/quota';
import { openingAt } from '../rules/quota-day';
import { dayIn } from '../rules/time-zone';
import type { Vendor } from '../vendors/vendor';
import type { DeliveryPorts } from './deliver-jobs';
import { withTargets } from './pick-due';
import { OUT_OF_TIME, type SentTarget } from './send-pushes';
import {
  type DeviceTake,
  giveBackAll,
  nextMidnight,
  type QuotaPorts,
  takeForDevice,
  totalOf,
  zoneOf,
} from './take-for-device';

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
  /** For which there was no time to take it: as if their sending had not begun. */
  readonly late: readonly SentTarget[];
  /** Gives back what was taken for targets that the vendor does not count; answers the same, with that told. */
  giveBack(sent: readonly SentTarget[]): Promise<readonly SentTarget[]>;
}

interface PushedTarget {
  readonly push: Push;
  readonly target: PushTarget;
}

/** What was taken, as it comes about. */
interface Taken {
  readonly counters: Map<PushTarget, readonly QuotaCounter[]>;
  /** Targets with the day their quota was taken on, by what they were before. */
  readonly counted: Map<PushTarget, PushTarget>;
  readonly late: PushedTarget[];
  /** Nothing is taken after that: it could not be sent any more. */
  readonly until: EpochMs;
}

/** A pause made elsewhere is known so soon: to classes with limits of their own, and to all others. */
const PAUSE_AGE_MS = 10 * SECOND_MS;
const RARE_PAUSE_AGE_MS = MINUTE_MS;
const PARALLEL_TAKES = 20;
/** Kept for sending what quota was taken for. */
const SENDING_MS = 5 * SECOND_MS;

/**
 * Takes the quota that the targets of a job need, before anything is sent. Costs a write for each target of a class with a limit for
 * each device, one for all of a class with a daily total, and nothing but a look at its pause, kept for a minute, for other classes.
 */
export async function takeQuotas(
  job: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: QuotaPorts,
  lastStartAt: EpochMs,
): Promise<TakenQuotas> {
  const taken: Taken = {
    counters: new Map(),
    counted: new Map(),
    late: [],
    until: lastStartAt - SENDING_MS,
  };
  const without: WithoutQuota[] = [];
  const byClass = Map.groupBy(pushes, (push) => classOf(push, certificate, ports));
  for (const [quotaClass, some] of byClass) {
    if (quotaClass === undefined) continue;
    without.push(...(await takeForClass(quotaClass, job, some, certificate, ports, taken)));
  }
  const left = new Set([...without, ...taken.late].map(({ target }) => target));
  const isAsBefore = left.size === 0 && taken.counted.size === 0;
  const sendBeganAt = ports.clock.now();
  return {
    sendable: isAsBefore
      ? pushes
      : pushes.flatMap((push) => {
          const sendable = push.targets.filter((target) => !left.has(target));
          return withTargets(
            push,
            sendable.map((target) => taken.counted.get(target) ?? target),
          );
        }),
    without,
    late: taken.late.map((one) => ({ ...one, outcome: OUT_OF_TIME, sendBeganAt })),
    async giveBack(sent) {
      const counts = ports.vendor.limits.quotas?.counts ?? 'accepted';
      // what another notification stood for the vendor has not seen
      const isUnused = ({ target, outcome, mergedInto }: SentTarget): boolean =>
        taken.counters.has(target) && (!isCounted(outcome, counts) || mergedInto !== undefined);
      const unused = sent.filter(isUnused);
      await giveBackAll(
        unused.flatMap(({ target }) => taken.counters.get(target) ?? []),
        ports,
      );
      return sent.map((one) => (isUnused(one) ? { ...one, target: uncounted(one.target) } : one));
    },
  };
}

function uncounted({ counted: _day, ...target }: PushTarget): PushTarget {
  return target;
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
  taken: Taken,
): Promise<WithoutQuota[]> {
  const all = pushes.flatMap((push) => push.targets.map((target) => ({ push, target })));
  const now = ports.clock.now();
  const of: CountedClass = { vendor, appKey, certificate: name, quotaClass };
  const quota = quotaOf(ports.vendor.limits.quotas, quotaClass, certificate.limits);
  const closed = await closedNow(of, quota, now, ports);
  if (closed !== undefined) return all.map((one) => ({ ...one, refusal: closed }));

  const { dailyTotal } = quota;
  const isDaily = dailyTotal !== undefined || quota.perDeviceDaily !== undefined;
  const day = dayIn(zoneOf(ports.vendor), now);
  const fresh = all.filter(({ target }) => !isDaily || target.counted !== day);
  const counted = await pMap(
    fresh,
    async (one): Promise<PushedTarget & DeviceTake> => {
      if (ports.clock.now() > taken.until) {
        taken.late.push(one);
        return { ...one, counters: [], isLate: true };
      }
      return { ...one, ...(await takeForDevice(of, quota, one.target, now, ports)) };
    },
    { concurrency: PARALLEL_TAKES },
  );
  const without = counted.flatMap(({ push, target, refusal }) =>
    refusal === undefined ? [] : [{ push, target, refusal }],
  );
  const within = counted.filter(({ refusal, isLate }) => refusal === undefined && !isLate);
  const total = dailyTotal === undefined ? undefined : totalOf(of, now, ports);
  const room =
    total === undefined || dailyTotal === undefined || within.length === 0
      ? within.length
      : await ports.quotas.take(total, within.length, dailyTotal);
  for (const { target, counters } of within.slice(0, room)) {
    const own = isDaily ? { ...target, counted: day } : target;
    taken.counters.set(own, total === undefined ? counters : [...counters, total]);
    if (own !== target) taken.counted.set(target, own);
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
