import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { assertNever } from '../model/errors';
import type { TargetResult } from '../model/ports';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { QuotaRefusal } from '../model/quota';
import type { SendOutcome, VendorReason } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import { afterSend } from '../rules/after-send';
import { forgetToken } from '../rules/registration';
import { type DeliveryPorts, tags } from './deliver-jobs';
import { refusalBy } from './pause-quotas';
import { renewed, resultOf, withTargets } from './pick-due';
import type { SentTarget } from './send-pushes';
import type { WithoutQuota } from './take-quotas';

/** What is left to do after a send, and what is to be stored about it. */
export interface SettledTargets {
  /** To be sent again, each target not before its time. */
  readonly again: readonly Push[];
  readonly results: readonly TargetResult[];
  /** Refused because the vendor's day is used up; nothing is stored of them yet. */
  readonly without?: readonly WithoutQuota[];
}

const SUFFIX_CHARACTERS = 22;

/** Where one target goes after its send. */
type Fate =
  | { readonly end: true; readonly status?: TargetResult['status'] }
  | { readonly end: false; readonly target: PushTarget }
  | { readonly bury: VendorReason }
  | { readonly refusal: QuotaRefusal };

/** Does what each outcome asks for: forgets dead tokens, buries what a human must see, keeps what is to be tried again. */
export async function settleTargets(
  job: PushJob,
  sent: readonly SentTarget[],
  ports: DeliveryPorts,
): Promise<SettledTargets> {
  // those that failed together stay together: one by one they would be a push each, and a job of many no queue takes
  const moment = { now: ports.clock.now(), jitter: ports.random() };
  const fates = await pMap(sent, (one) => fateOf(job, one, moment, ports), { concurrency: 10 });
  const results: TargetResult[] = [];
  const again: Push[] = [];
  const without: WithoutQuota[] = [];
  const buried: { readonly push: Push; readonly reason: VendorReason }[] = [];
  for (const [index, one] of sent.entries()) {
    const fate = fates[index];
    if (fate === undefined) continue;
    if ('refusal' in fate) {
      without.push({ push: one.push, target: one.target, refusal: fate.refusal });
      continue;
    }
    const reason = 'reason' in one.outcome ? one.outcome.reason : undefined;
    const told = {
      ...(reason && { code: reason.code, text: reason.text }),
      ...(one.region === undefined ? {} : { region: one.region }),
      ...(one.mergedInto === undefined ? {} : { code: one.mergedInto }),
    };
    const status =
      'bury' in fate
        ? 'dead-lettered'
        : 'status' in fate && fate.status
          ? fate.status
          : statusOf(one);
    results.push(resultOf(one.push, one.target, { status, ...told }, ports.clock.now()));
    if ('bury' in fate)
      buried.push({ push: { ...one.push, targets: [one.target] }, reason: fate.bury });
    else if (!fate.end) again.push({ ...one.push, targets: [fate.target] });
  }
  await buryAll(job, buried, ports);
  report(job, sent, ports);
  return { again: joined(again), results, without };
}

function statusOf({ push, mergedInto, outcome: { kind } }: SentTarget): TargetResult['status'] {
  if (mergedInto !== undefined) return 'merged';
  return push.withdraws && kind === 'accepted' ? 'withdrawn' : kind;
}

async function fateOf(
  job: PushJob,
  sent: SentTarget,
  { now, jitter }: { readonly now: EpochMs; readonly jitter: number },
  ports: DeliveryPorts,
): Promise<Fate> {
  const { push, target, outcome, sendBeganAt } = sent;
  const step = afterSend(outcome, target, { now, expiresAt: push.expiresAt, jitter });
  switch (step.do) {
    case 'finish':
      return { end: true };
    case 'drop':
      return step.as === undefined ? { end: true } : { end: true, status: step.as };
    case 'retry':
      return {
        end: false,
        target: { ...step.target, notBefore: now + Math.round(step.afterMs) },
      };
    case 'without-quota':
      return { refusal: refusalBy(sent, ports) };
    case 'forget-token':
      return forget(job, target, diedBefore(outcome, sendBeganAt), ports);
    case 'dead-letter':
      return {
        bury: 'reason' in outcome ? outcome.reason : { code: outcome.kind, text: outcome.kind },
      };
    default:
      return assertNever(step);
  }
}

/** When the token was dead at the latest: some vendors say since when, and one registered after that is another. */
function diedBefore(outcome: SendOutcome, sendBeganAt: EpochMs): EpochMs {
  const since = outcome.kind === 'token-invalid' ? outcome.since : undefined;
  return Math.min(since ?? sendBeganAt, sendBeganAt);
}

/** Forgets a dead token unless it was renewed since; then the push goes to the new one. */
async function forget(
  job: PushJob,
  target: PushTarget,
  diedBeforeAt: EpochMs,
  ports: DeliveryPorts,
): Promise<Fate> {
  const { token, accountId } = target;
  const account = await ports.accounts.update(job.appKey, accountId, (stored) =>
    forgetToken(stored, job.vendor, token, diedBeforeAt),
  );
  ports.telemetry.count('TokensForgotten', 1, { vendor: job.vendor });
  const newer = renewed(target, job.certificate, account);
  return newer === undefined ? { end: true } : { end: false, target: newer };
}

async function buryAll(
  job: PushJob,
  buried: readonly { readonly push: Push; readonly reason: VendorReason }[],
  ports: DeliveryPorts,
): Promise<void> {
  const byCode = Map.groupBy(buried, ({ reason }) => reason.code);
  for (const group of byCode.values()) {
    const [first, ...rest] = joined(group.map(({ push }) => push));
    const reason = group[0]?.reason;
    if (first === undefined || reason === undefined) continue;
    await ports.queue.bury(asNewJob(job, [first, ...rest], reason.code), reason);
    ports.telemetry.count('DeadLetters', 1, { vendor: job.vendor });
    ports.telemetry.log('error', 'job dead-lettered', { ...tags(job), code: reason.code });
  }
}

/**
 * A buried job is a job of its own: moved back into its queue it is sent, whatever became of the others.
 * Its id begins with that of the job it came of, so that their story stays one, and is never one used before,
 * however often it is buried.
 */
function asNewJob(job: PushJob, [first, ...rest]: PushJob['pushes'], code: string): PushJob {
  const fresh = (push: Push): Push => {
    const [one, ...others] = push.targets;
    return { ...push, targets: [untried(one), ...others.map(untried)] };
  };
  return {
    ...job,
    jobId: `${job.jobId.split('.')[0]}.${suffixOf(`${job.jobId} ${job.generation} ${code}`)}`,
    generation: 0,
    pushes: [fresh(first), ...rest.map(fresh)],
  };
}

function suffixOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, SUFFIX_CHARACTERS);
}

function untried({
  attempts: _attempts,
  retries: _retries,
  notBefore: _wait,
  ...target
}: PushTarget): PushTarget {
  return target;
}

/** Puts targets of one push together again. */
export function joined(pushes: readonly Push[]): Push[] {
  const byContent = Map.groupBy(pushes, ({ targets: _targets, ...said }) => JSON.stringify(said));
  return [...byContent.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : withTargets(
          first,
          same.flatMap(({ targets }) => targets),
        );
  });
}

function report(job: PushJob, sent: readonly SentTarget[], ports: DeliveryPorts): void {
  const { vendor } = job;
  const kinds = Map.groupBy(sent, ({ outcome, mergedInto }) =>
    mergedInto === undefined ? outcome.kind : 'merged',
  );
  for (const [kind, group] of kinds) {
    ports.telemetry.count('SendOutcomes', group.length, { vendor, kind });
  }
  const codes = new Set<string>();
  for (const { outcome } of sent) {
    if ('reason' in outcome && outcome.reason.unmapped) codes.add(outcome.reason.code);
  }
  for (const code of codes) {
    ports.telemetry.count('UnmappedVendorCodes', 1, { vendor });
    ports.telemetry.log('warn', 'vendor code in no table', { ...tags(job), code });
  }
  ports.telemetry.log('info', 'job sent', {
    ...tags(job),
    outcomes: Object.fromEntries([...kinds].map(([kind, group]) => [kind, group.length])),
  });
}
