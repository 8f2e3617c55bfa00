import pMap from 'p-map';
import type { JobAddress } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { StoredDecisions, SubmissionRecord } from '../model/submission';
import { buildJobs, type PlannedPush } from '../rules/build-jobs';
import type { HookedMessage } from './ask-hook';
import { ABILITIES } from './check-payloads';
import { decideHooked, hookedAsRecorded } from './decide-hooked';
import type { DecidedMessage, Situation } from './decide-messages';
import type { DispatchPorts } from './dispatch-messages';
import { jobAddress } from './job-address';
import { mergeRepeat } from './merge-repeat';
import { planPushes } from './plan-pushes';
import { queueJobs } from './queue-jobs';
import { recordedDecisions } from './submissions';

const PARALLEL_RECORDS = 20;

/** A submission that came again, with its record. */
export interface Repeat {
  readonly key: string;
  readonly existing: SubmissionRecord;
  readonly messages: readonly HookedMessage[];
}

/** What of a repeat was recorded as pushes, and what it rescues. */
interface Replay {
  readonly repeat: Repeat;
  readonly pending: readonly DecidedMessage[];
  readonly rescued: readonly DecidedMessage[];
}

/**
 * Handles the repeats of one call whose decisions are on record. Until a record is known to be done, its pushes
 * may never have got into the queue: a recorded job that no sender has seen is queued again, under the same id where
 * the call repeats all of it, so that the senders drop one of two copies. Devices skipped as connected are decided
 * anew where the repeat states their presence. What the webhook says now is not asked for, and nothing recalled is pushed.
 */
export async function replaySubmissions(
  appKey: string,
  repeats: readonly Repeat[],
  situation: Situation,
  ports: DispatchPorts,
): Promise<readonly StoredDecisions[]> {
  const replays = repeats.map((repeat) => replayOf(repeat, situation));
  const lost = await unseenJobs(
    appKey,
    replays.filter(({ repeat }) => repeat.existing.state !== 'done'),
    situation,
    ports,
  );
  const rescuing = jobsOf(
    appKey,
    replays.flatMap(({ rescued }) => plan(rescued, situation, ports)),
    situation,
    ports,
  );
  await queueJobs([...lost, ...rescuing], situation.now, ports.queue);
  const answers = await pMap(
    replays,
    async ({ repeat: { key, existing }, rescued }) => {
      if (existing.state === 'done' && rescued.every(isEmpty)) return existing.messages;
      const newer = recordedDecisions(rescued, rescuing, existing.decidedAt);
      const messages = withRescued(existing.messages, newer);
      await ports.submissions.replace(appKey, key, { ...existing, state: 'done', messages });
      return messages;
    },
    { concurrency: PARALLEL_RECORDS },
  );
  return answers.flat();
}

function replayOf(repeat: Repeat, situation: Situation): Replay {
  const { messages } = repeat.existing;
  const recorded = new Map(messages.map((one) => [one.messageId, one]));
  // who was taken out is told by the decisions
  const merged = repeat.messages.map(({ takenOut: _now, ...message }) => {
    const decided = decideHooked(hookedAsRecorded(message, messages), situation);
    return mergeRepeat(decided, recorded.get(decided.event.messageId), situation.accounts);
  });
  const isRecalled = recalledIn([repeat]);
  return {
    repeat,
    pending: merged.map((one) => one.recorded),
    rescued: merged.flatMap(({ rescued }) => (isRecalled(rescued.event) ? [] : [rescued])),
  };
}

function recalledIn(
  repeats: readonly Repeat[],
): (message: { readonly messageId: string }) => boolean {
  const ids = new Set(repeats.flatMap(({ existing }) => existing.recalled ?? []));
  return ({ messageId }) => ids.has(messageId);
}

/** Recorded jobs that no sender has seen, made again. */
async function unseenJobs(
  appKey: string,
  replays: readonly Replay[],
  situation: Situation,
  ports: DispatchPorts,
): Promise<PushJob[]> {
  const addresses = new Map<string, JobAddress>();
  const jobIds = new Map<string, string>();
  for (const { messages, decidedAt } of replays.map((one) => one.repeat.existing)) {
    for (const { messageId, accountId, decision } of messages.flatMap(decisionsIn)) {
      const address = jobAddress(appKey, decision, decidedAt);
      if (address === undefined) continue;
      addresses.set(address.jobId, address);
      jobIds.set(placeOf({ messageId, accountId, ...decision }), address.jobId);
    }
  }
  const planned = replays.flatMap(({ pending }) => plan(pending, situation, ports));
  const byJob = Map.groupBy(planned, (push) => jobIds.get(placeOf(push)) ?? '');
  const seen = await ports.jobs.seen([...addresses.values()]);
  const lost = [...byJob].flatMap(([jobId, pushes]) => {
    if (seen.has(jobId)) return [];
    // with the time of the first copy, or senders would take it for another job
    const { queuedAt = situation.now } = addresses.get(jobId) ?? {};
    return jobsOf(appKey, pushes, situation, ports).map((job) => ({ ...job, queuedAt }));
  });
  // only now, for the id comes from all that was in the job
  const isRecalled = recalledIn(replays.map(({ repeat }) => repeat));
  return lost.flatMap((job) => {
    const [first, ...rest] = job.pushes.filter((push) => !isRecalled(push));
    return first === undefined ? [] : [{ ...job, pushes: [first, ...rest] }];
  });
}

function decisionsIn({ messageId, recipients = [] }: StoredDecisions) {
  return recipients.flatMap(({ accountId, devices }) =>
    devices.map((decision) => ({ messageId, accountId, decision })),
  );
}

function plan(messages: readonly DecidedMessage[], situation: Situation, { hash }: DispatchPorts) {
  const facts = { situation, abilities: ABILITIES, hash };
  return messages.flatMap((message) => planPushes(message, facts));
}

function jobsOf(
  appKey: string,
  planned: readonly PlannedPush[],
  { app, now }: Situation,
  { hash }: DispatchPorts,
): PushJob[] {
  return buildJobs({ appKey, traceLevel: app.settings.traceLevel }, planned, now, hash);
}

function placeOf({
  messageId,
  accountId,
  deviceId,
}: Pick<PlannedPush, 'messageId' | 'accountId' | 'deviceId'>): string {
  return JSON.stringify([messageId, accountId, deviceId]);
}

function isEmpty({ recipients }: DecidedMessage): boolean {
  return recipients.every(({ devices }) => devices.length === 0);
}

/** The recorded decisions with the rescued ones in place of what they overturn. */
function withRescued(
  before: readonly StoredDecisions[],
  rescued: readonly StoredDecisions[],
): StoredDecisions[] {
  return before.map((message) => {
    const newer = rescued.find((one) => one.messageId === message.messageId);
    const recipients = (message.recipients ?? []).map((recipient) => {
      const found = newer?.recipients?.find((one) => one.accountId === recipient.accountId);
      const devices = recipient.devices.map(
        (device) => found?.devices.find((one) => one.deviceId === device.deviceId) ?? device,
      );
      return { ...recipient, devices };
    });
    const counts: Record<string, number> = {};
    for (const { reason, devices } of recipients) {
      const reasons = devices.length === 0 && reason ? [reason] : devices.map((one) => one.reason);
      for (const one of reasons) counts[one] = (counts[one] ?? 0) + 1;
    }
    return { ...message, ...(newer?.origin && { origin: newer.origin }), counts, recipients };
  });
}
