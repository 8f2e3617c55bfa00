import type { Certificate } from '../model/certificate';
import type { PushJob } from '../model/push-job';
import type { QuotaRefusal } from '../model/quota';
import type { SendOutcome } from '../model/send-outcome';
import { pauseEndsAt } from '../rules/quota-day';
import { type DeliveryPorts, tags } from './deliver-jobs';
import type { SentTarget } from './send-pushes';
import { zoneOf } from './take-for-device';
import { classOf } from './take-quotas';

/** Pauses, in all containers, each class of which the vendor said that today's quota is used up: until its midnight. */
export async function pauseQuotas(
  job: PushJob,
  sent: readonly SentTarget[],
  certificate: Certificate,
  ports: DeliveryPorts,
): Promise<void> {
  const refused = sent.filter(({ outcome }) => saysUsedUp(outcome));
  const byClass = Map.groupBy(refused, ({ push }) => classOf(push, certificate, ports));
  for (const [quotaClass, [first]] of byClass) {
    if (quotaClass === undefined || first === undefined) continue;
    // of a class that is used up nobody's message is taken: this was about one phone
    const isTaken = sent.some(
      ({ push, outcome }) =>
        outcome.kind === 'accepted' && classOf(push, certificate, ports) === quotaClass,
    );
    if (isTaken) continue;
    const { vendor, appKey } = job;
    const of = { vendor, appKey, certificate: job.certificate, quotaClass };
    const { until } = refusalBy(first, ports);
    await ports.quotas.pause(of, until);
    ports.telemetry.count('QuotaPauses', 1, { vendor });
    ports.telemetry.log('warn', 'class paused', {
      ...tags(job),
      certificate: job.certificate,
      class: quotaClass,
      until: new Date(until).toISOString(),
    });
  }
}

/** The vendor's own word, as a refusal of ours would be. */
export function refusalBy(
  { outcome, sendBeganAt }: SentTarget,
  { vendor }: Pick<DeliveryPorts, 'vendor'>,
): QuotaRefusal {
  const { code, text } = 'reason' in outcome ? outcome.reason : { code: '', text: '' };
  return {
    code: 'quota-daily',
    text: `${vendor.id} said ${code}: ${text}`,
    until: pauseEndsAt(zoneOf(vendor), sendBeganAt),
  };
}

function saysUsedUp(outcome: SendOutcome): boolean {
  return outcome.kind === 'throttled' && outcome.scope === 'day';
}
