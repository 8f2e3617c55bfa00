import type { Certificate } from '../model/certificate';
import type { Push, PushJob } from '../model/push-job';
import type { FlowGate } from '../model/vendor-ports';
import { REST_MS } from '../rules/after-send';
import { type DeliveryPorts, tags } from './deliver-jobs';
import { endWithoutQuota } from './end-without-quota';
import { pauseQuotas } from './pause-quotas';
import { sendMerged } from './send-merged';
import type { SentTarget } from './send-pushes';
import { type SettledTargets, settleTargets } from './settle-targets';
import type { SendTimes } from './take-for-class';
import { takeQuotas } from './take-quotas';
import { guardTokens } from './token-guard';

/** Sends what there is quota for, and does with everything what its end asks for. */
export async function sendWithinQuotas(
  job: PushJob,
  pushes: readonly Push[],
  { certificate, gate }: { readonly certificate: Certificate; readonly gate: FlowGate },
  ports: DeliveryPorts,
  times: SendTimes,
): Promise<SettledTargets> {
  const taken = await takeQuotas(job, pushes, certificate, ports, times);
  const merged =
    taken.sendable.length === 0
      ? []
      : await sendMerged(job, taken.sendable, certificate, ports, times.lastStartAt);
  const all = [...merged, ...taken.late];
  // what was sent would be sent again for a failure here
  await inAnyCase('rest', job, ports, () => restAfter(job, all, gate, ports));
  await inAnyCase('pause', job, ports, () => pauseQuotas(job, all, certificate, ports));
  const sent = await taken.giveBack(all);
  const settled = await settleTargets(job, await believed(sent, certificate, ports), ports);
  const without = [...taken.without, ...(settled.without ?? [])];
  const ended = await endWithoutQuota(job, without, certificate, ports);
  return {
    again: [...settled.again, ...ended.again],
    results: [...settled.results, ...ended.results],
  };
}

async function inAnyCase(
  what: string,
  job: PushJob,
  { telemetry }: DeliveryPorts,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    telemetry.log('error', `after sending: ${what} failed`, { ...tags(job), error });
  }
}

/** Lets the certificate rest when the vendor would refuse every message of it the same way. */
async function restAfter(
  job: PushJob,
  sent: readonly SentTarget[],
  gate: FlowGate,
  { clock, telemetry, vendor }: DeliveryPorts,
): Promise<void> {
  for (const { outcome } of sent) {
    if (outcome.kind !== 'misconfigured' || !outcome.pauses) continue;
    await gate.rest(clock.now() + REST_MS);
    telemetry.count('CertificateRests', 1, { vendor: vendor.id });
    const { code, text } = outcome.reason;
    return telemetry.log('error', 'certificate rests', {
      ...tags(job),
      certificate: job.certificate,
      code,
      text,
    });
  }
}

/** What the vendor said, but for tokens it calls invalid by the mass. */
async function believed(
  sent: readonly SentTarget[],
  certificate: Certificate,
  { guard, telemetry, vendor }: DeliveryPorts,
): Promise<readonly SentTarget[]> {
  if (sent.length === 0) return sent;
  const judged = await guardTokens(sent, guard(certificate));
  const kept = judged.filter((one, index) => one !== sent[index]).length;
  if (kept > 0) telemetry.count('TokensKept', kept, { vendor: vendor.id });
  return judged;
}
