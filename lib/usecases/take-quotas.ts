import type { Certificate } from '../model/certificate';
import type { Push, PushJob } from '../model/push-job';
import { mayHaveArrived } from '../rules/earlier-sender';
import { isCounted } from '../rules/quota';
import type { DeliveryPorts } from './deliver-jobs';
import { withTargets } from './pick-due';
import { OUT_OF_TIME, type SentTarget } from './send-pushes';
import { type SendTimes, type Taken, takeForClass, type WithoutQuota } from './take-for-class';
import { giveBackAll, type QuotaPorts } from './take-for-device';

export type { WithoutQuota } from './take-for-class';

/** What may be sent, and what not. */
export interface TakenQuotas {
  readonly sendable: readonly Push[];
  readonly without: readonly WithoutQuota[];
  /** For which there was no time to take it: as if their sending had not begun. */
  readonly late: readonly SentTarget[];
  /** Gives back what was taken for targets that the vendor does not count; answers the same, with that told. */
  giveBack(sent: readonly SentTarget[]): Promise<readonly SentTarget[]>;
}

/**
 * Takes the quota that the targets of a job need, before anything is sent. Costs a write for each target of a class with a limit for
 * each device, one for all of a class with a daily total, and nothing but a look at its pause, kept for a minute, for other classes.
 * Before midnight it takes the next day's as well: the request may leave after it.
 */
export async function takeQuotas(
  job: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: QuotaPorts,
  times: SendTimes,
): Promise<TakenQuotas> {
  const taken: Taken = {
    times,
    counters: new Map(),
    sentAs: new Map(),
    left: new Set(),
    late: [],
  };
  const without: WithoutQuota[] = [];
  const byClass = Map.groupBy(pushes, (push) => classOf(push, certificate, ports));
  for (const [quotaClass, some] of byClass) {
    if (quotaClass !== undefined) {
      without.push(...(await takeForClass(quotaClass, job, some, certificate, ports, taken)));
      continue;
    }
    for (const target of some.flatMap(({ targets }) => targets)) {
      const own = mayHaveArrived(target, times.earlier);
      if (own !== target) taken.sentAs.set(target, own);
    }
  }
  const isAsBefore = taken.left.size === 0 && taken.sentAs.size === 0;
  const sendBeganAt = ports.clock.now();
  return {
    sendable: isAsBefore
      ? pushes
      : pushes.flatMap((push) => {
          const sendable = push.targets.filter((target) => !taken.left.has(target));
          return withTargets(
            push,
            sendable.map((target) => taken.sentAs.get(target) ?? target),
          );
        }),
    without,
    late: taken.late.map((one) => ({ ...one, outcome: OUT_OF_TIME, sendBeganAt })),
    async giveBack(sent) {
      const counts = ports.vendor.limits.quotas?.counts ?? 'accepted';
      // what another notification stood for the vendor has not seen
      const takenOf = ({ target, outcome, mergedInto }: SentTarget) =>
        isCounted(outcome, counts) && mergedInto === undefined
          ? undefined
          : taken.counters.get(target);
      const unused = sent.flatMap((one) => takenOf(one)?.counters ?? []);
      await giveBackAll(unused, ports);
      return sent.map((one) => {
        const unsent = takenOf(one);
        return unsent === undefined ? one : { ...one, target: unsent.uncounted };
      });
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
