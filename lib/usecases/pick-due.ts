import type { Account } from '../model/account';
import type { Certificate } from '../model/certificate';
import type { TargetResult } from '../model/ports';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { TargetStatus } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import { decideAgain } from '../rules/decide';
import { entryOf } from '../rules/entry-of';
import { readSituation, type Situation } from './decide-messages';
import type { DeliveryPorts } from './deliver-jobs';

/** A job that waited longer is decided again: a phone may have logged out, or be somebody else's by now. */
const DECISION_KEEPS_MS = 5_000;

/** What to do with each target of a job, now. */
export interface DuePushes {
  readonly ready: readonly Push[];
  /** Targets whose time has not come. */
  readonly later: readonly Push[];
  readonly dropped: readonly TargetResult[];
  readonly decidedAt: EpochMs;
}

/** Sorts out what is expired, no longer wanted, or has to wait. */
export async function pickDue(
  job: PushJob,
  certificate: Certificate | undefined,
  ports: DeliveryPorts,
): Promise<DuePushes> {
  const now = ports.clock.now();
  const stale = now - job.decidedAt > DECISION_KEEPS_MS;
  const situation = stale ? await situationOf(job, ports, now) : undefined;
  const dropped: TargetResult[] = [];
  const ready: Push[] = [];
  const later: Push[] = [];
  for (const push of job.pushes) {
    const due: PushTarget[] = [];
    const waiting: PushTarget[] = [];
    for (const stored of push.targets) {
      const target = situation === undefined ? stored : withCurrentToken(stored, job, situation);
      const verdict = judge(target, push, job, certificate, situation, now);
      if (verdict !== undefined) dropped.push(resultOf(push, target, verdict, now));
      else if ((target.notBefore ?? 0) > now) waiting.push(target);
      else due.push(target);
    }
    ready.push(...withTargets(push, due));
    later.push(...withTargets(push, waiting));
  }
  return { ready, later, dropped, decidedAt: stale ? now : job.decidedAt };
}

/** The push with these targets; nothing when there are none. */
export function withTargets(push: Push, targets: readonly PushTarget[]): Push[] {
  const [first, ...rest] = targets;
  return first === undefined ? [] : [{ ...push, targets: [first, ...rest] }];
}

interface Verdict {
  readonly status: TargetStatus;
  readonly code?: string;
}

function judge(
  target: PushTarget,
  push: Push,
  job: PushJob,
  certificate: Certificate | undefined,
  situation: Situation | undefined,
  now: EpochMs,
): Verdict | undefined {
  if (push.expiresAt <= now) return { status: 'expired' };
  if (certificate === undefined) return { status: 'no-certificate' };
  if (situation === undefined) return undefined;
  const again = decideAgain({
    ...situation,
    target,
    subject: push.subject,
    certificate: job.certificate,
    account: situation.accounts.get(target.accountId),
  });
  return again === 'wanted' ? undefined : { status: 'no-longer-wanted', code: again };
}

async function situationOf(
  job: PushJob,
  ports: DeliveryPorts,
  now: EpochMs,
): Promise<Situation | undefined> {
  const places = job.pushes.flatMap(({ subject, targets }) =>
    targets.map(({ accountId }) => ({ accountId, conversationId: subject?.conversationId })),
  );
  return readSituation(job.appKey, places, ports, now);
}

/** A token renewed while the job waited takes the place of the old one: same phone, same message. */
function withCurrentToken(target: PushTarget, job: PushJob, situation: Situation): PushTarget {
  const account = situation.accounts.get(target.accountId);
  return renewed(target, job.certificate, account) ?? target;
}

/** The target with the token its device has by now; undefined when that is the same one, or none. */
export function renewed(
  target: PushTarget,
  certificate: string,
  account: Account | undefined,
): PushTarget | undefined {
  const device = account && entryOf(account.devices, target.deviceId);
  const stored = device && entryOf(device.tokens, certificate);
  if (stored === undefined || stored.token === target.token) return undefined;
  return { ...target, token: stored.token, registeredAt: stored.registeredAt };
}

/** What became of a target, as it is stored. */
export function resultOf(
  { messageId }: Push,
  { accountId, deviceId, token }: PushTarget,
  { status, ...told }: Verdict & { readonly text?: string; readonly region?: string },
  at: EpochMs,
): TargetResult {
  return {
    messageId,
    accountId,
    deviceId,
    token,
    status,
    ...told,
    at,
  };
}
