import { createHash } from 'node:crypto';
import type { Account } from '../model/account';
import { type App, DEFAULT_APP_SETTINGS } from '../model/app-settings';
import type { Certificate } from '../model/certificate';
import type { TargetResult } from '../model/ports';
import type { Push, PushJob } from '../model/push-job';
import { otherChannel } from '../rules/channel';
import { entryOf } from '../rules/entry-of';
import { type Detour, detourJobs } from '../rules/other-channel';
import { quotaOf, type WithoutQuotaStep, whenQuotaUsedUp } from '../rules/quota';
import type { DeliveryPorts } from './deliver-jobs';
import { resultOf } from './pick-due';
import { joined, type SettledTargets } from './settle-targets';
import { zoneOf } from './take-for-device';
import { classOf, type WithoutQuota } from './take-quotas';

const CALL_CLASS = 'call';

/**
 * Sends targets there is no quota for another way, holds or drops them, as the app wants it. What goes another way is in its queue
 * when this is done; what is held is to be sent again.
 */
export async function endWithoutQuota(
  job: PushJob,
  without: readonly WithoutQuota[],
  certificate: Certificate,
  ports: DeliveryPorts,
): Promise<SettledTargets> {
  if (without.length === 0) return { again: [], results: [] };
  const now = ports.clock.now();
  const ids = new Set(without.map(({ target }) => target.accountId));
  const [app, accounts] = await Promise.all([
    ports.apps.get(job.appKey),
    ports.accounts.getMany(job.appKey, [...ids]),
  ]);
  const again: Push[] = [];
  const detours: Detour[] = [];
  const results = without.map((one): TargetResult => {
    const detour = app && detourOf(job, one, app, accounts);
    const step = stepOf(one, app, detour !== undefined, certificate, ports);
    const { push, target, refusal } = one;
    const told = (text: string) => ({ code: refusal.code, text: `${refusal.text}; ${text}` });
    if (step.do === 'hold') {
      again.push({ ...push, targets: [{ ...target, notBefore: step.until }] });
      const text = `held until ${new Date(step.until).toISOString()}`;
      return resultOf(push, target, { status: 'throttled', ...told(text) }, now);
    }
    if (step.do === 'drop' || detour === undefined) {
      return resultOf(push, target, { status: 'quota', ...told('dropped') }, now);
    }
    detours.push(detour);
    const { vendor, certificate: name } = detour.to;
    const text = `sent by ${vendor} with ${name}`;
    return resultOf(push, target, { status: 'other-channel', ...told(text) }, now);
  });
  const jobs = detourJobs({ ...job, decidedAt: now }, detours, sha256);
  if (jobs.length > 0) await ports.queue.put(jobs);
  report(job, without, { held: again.length, detours: detours.length }, ports);
  return { again: joined(again), results };
}

function stepOf(
  { push, refusal }: WithoutQuota,
  app: App | undefined,
  hasOther: boolean,
  certificate: Certificate,
  ports: DeliveryPorts,
): WithoutQuotaStep {
  const { quotaUsedUp } = app?.settings ?? DEFAULT_APP_SETTINGS;
  const { limits } = ports.vendor;
  const { quietHours } = quotaOf(
    limits.quotas,
    classOf(push, certificate, ports) ?? '',
    certificate.limits,
  );
  return whenQuotaUsedUp(refusal, {
    quotaUsedUp,
    isCall: push.notification.messageClass === CALL_CLASS,
    hasOther,
    expiresAt: push.expiresAt,
    quietHours,
    timeZone: zoneOf(ports.vendor),
  });
}

function detourOf(
  { vendor }: PushJob,
  { push, target }: WithoutQuota,
  app: App,
  accounts: ReadonlyMap<string, Account>,
): Detour | undefined {
  // the vendor may have it already, and what another shows does not take its place
  if (target.counted !== undefined) return undefined;
  const account = accounts.get(target.accountId);
  const device = account && entryOf(account.devices, target.deviceId);
  const to = device && otherChannel(device, app, [vendor, ...(target.without ?? [])]);
  return to && { push, target, to, badge: device.badge };
}

function report(
  { jobId, vendor, certificate }: PushJob,
  without: readonly WithoutQuota[],
  { held, detours }: { readonly held: number; readonly detours: number },
  { telemetry }: DeliveryPorts,
): void {
  const dropped = without.length - held - detours;
  if (held > 0) telemetry.count('QuotaHolds', held, { vendor });
  if (detours > 0) telemetry.count('QuotaOtherChannels', detours, { vendor });
  if (dropped > 0) telemetry.count('QuotaDrops', dropped, { vendor });
  const codes = Map.groupBy(without, ({ refusal }) => refusal.code);
  telemetry.log('warn', 'no quota', {
    ...{ jobId, vendor, certificate, held, detours, dropped },
    codes: Object.fromEntries([...codes].map(([code, some]) => [code, some.length])),
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
