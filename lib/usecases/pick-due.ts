import type { Account, RegisteredToken } from '../model/account';
import { ackKey } from '../model/acknowledgement';
import type { Certificate } from '../model/certificate';
import type { TargetResult } from '../model/ports';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { TargetStatus } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import { decideAgain } from '../rules/decide';
import { entryOf } from '../rules/entry-of';
import { hideDetails } from '../rules/hide-details';
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
  const [situation, acknowledged] = await Promise.all([
    stale ? situationOf(job, ports, now) : undefined,
    acknowledgedOf(job, ports, now),
  ]);
  const dropped: TargetResult[] = [];
  const ready: Push[] = [];
  const later: Push[] = [];
  for (const push of job.pushes) {
    const due: PushTarget[] = [];
    const waiting: PushTarget[] = [];
    for (const stored of push.targets) {
      const target = situation === undefined ? stored : asOfNow(stored, job, situation);
      const verdict = acknowledged.has(ackKey({ ...target, messageId: push.messageId }))
        ? ACKNOWLEDGED
        : judge(target, push, job, certificate, situation, now);
      if (verdict !== undefined) dropped.push(resultOf(push, target, verdict, now));
      else if ((target.notBefore ?? 0) > now) waiting.push(target);
      else due.push(target);
    }
    ready.push(...withTargets(push, due).flatMap((one) => shownNow(one, situation)));
    later.push(...withTargets(push, waiting).flatMap((one) => shownNow(one, situation)));
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
  if (push.withdraws) return judgeWithdrawal(target, job, situation);
  const again = decideAgain({
    ...situation,
    target,
    subject: push.subject,
    certificate: job.certificate,
    account: situation.accounts.get(target.accountId),
  });
  return again === 'wanted' ? undefined : { status: 'no-longer-wanted', code: again };
}

/** What was shown is taken back wherever the user is by now, as long as it is the same phone. */
function judgeWithdrawal(
  target: PushTarget,
  job: PushJob,
  situation: Situation,
): Verdict | undefined {
  const stored = tokenOf(target, job.certificate, situation.accounts.get(target.accountId));
  return stored?.token === target.token
    ? undefined
    : { status: 'no-longer-wanted', code: 'no-token' };
}

const ACKNOWLEDGED: Verdict = { status: 'acknowledged' };
const NONE: ReadonlySet<string> = new Set();

/** Of the targets that are sent to only without an acknowledgement and whose wait is over, those that gave one. */
async function acknowledgedOf(
  { appKey, pushes }: PushJob,
  { acks }: DeliveryPorts,
  now: EpochMs,
): Promise<ReadonlySet<string>> {
  const asked = pushes.flatMap(({ messageId, expiresAt, targets }) =>
    targets
      .filter(({ unacked, notBefore = 0 }) => unacked && notBefore <= now && expiresAt > now)
      .map(({ accountId, deviceId }) => ({ messageId, accountId, deviceId })),
  );
  return asked.length === 0 ? NONE : acks.among(appKey, asked, now);
}

/** Takes the pushes of recalled messages out. */
export function withoutRecalled(
  pushes: readonly Push[],
  recalled: ReadonlySet<string> | undefined,
  now: EpochMs,
): { readonly left: readonly Push[]; readonly dropped: readonly TargetResult[] } {
  if (recalled === undefined) return { left: pushes, dropped: [] };
  const [gone, left] = [true, false].map((isGone) =>
    pushes.filter(({ messageId }) => recalled.has(messageId) === isGone),
  );
  const dropped = (gone ?? []).flatMap((push) =>
    push.targets.map((target) => resultOf(push, target, { status: 'recalled' }, now)),
  );
  return { left: left ?? [], dropped };
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

/** A token renewed while the job waited takes the place of the old one (same phone, same message), and so does the number on the icon. */
function asOfNow(target: PushTarget, job: PushJob, { accounts }: Situation): PushTarget {
  const account = accounts.get(target.accountId);
  const device = account && entryOf(account.devices, target.deviceId);
  const { badge: _before, ...current } = renewed(target, job.certificate, account) ?? target;
  return { ...current, ...(device?.badge && { badge: device.badge }) };
}

/** What users hide by now is not to be seen, whatever was rendered. */
function shownNow(push: Push, situation: Situation | undefined): Push[] {
  if (situation === undefined) return [push];
  return hideDetails(push, situation.accounts, situation.app.settings);
}

/** The target with the token its device has by now; undefined when that is the same one, or none. */
export function renewed(
  target: PushTarget,
  certificate: string,
  account: Account | undefined,
): PushTarget | undefined {
  const stored = tokenOf(target, certificate, account);
  if (stored === undefined || stored.token === target.token) return undefined;
  return { ...target, token: stored.token, registeredAt: stored.registeredAt };
}

function tokenOf(
  { deviceId }: PushTarget,
  certificate: string,
  account: Account | undefined,
): RegisteredToken | undefined {
  const device = account && entryOf(account.devices, deviceId);
  return device && entryOf(device.tokens, certificate);
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
