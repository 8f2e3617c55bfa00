import pMap from 'p-map';
import { Refusal, TryLater } from '../model/errors';
import type { HookClient } from '../model/hook';
import type { MessageEvent } from '../model/message-event';
import type {
  AccountStore,
  AppStore,
  JobQueue,
  JobStore,
  SubmissionStore,
  Telemetry,
} from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { StoredDecisions, SubmissionRecord } from '../model/submission';
import type { Clock, EpochMs } from '../model/time';
import { buildJobs } from '../rules/build-jobs';
import { askHook } from './ask-hook';
import { ABILITIES, checkPayloads } from './check-payloads';
import { decideHooked, hookedAsRecorded } from './decide-hooked';
import { type DecidedMessage, readSituation, type Situation } from './decide-messages';
import {
  answeredAsRecalled,
  conflictRefusal,
  gatherSubmissions,
  type Submission,
  withoutRecalled,
} from './gather-submissions';
import { keepDecisions, notReadable, reportDispatch } from './keep-decisions';
import { planPushes } from './plan-pushes';
import { queueJobs } from './queue-jobs';
import { replaySubmissions } from './replay-submission';
import { countPushes, hasDecisions, recordedDecisions } from './submissions';

export interface DispatchPorts {
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly submissions: SubmissionStore;
  readonly jobs: Pick<JobStore, 'seen'>;
  readonly queue: JobQueue;
  readonly hook: HookClient;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string;
}

/** What is answered for one message. */
export interface DispatchAnswer extends StoredDecisions {
  readonly duplicate: boolean;
}

/** For so long a call without stored decisions counts as still running when it is repeated. */
const DISPATCH_LEASE_MS = 30_000;
const PARALLEL_RECORDS = 20;

/**
 * Decides every message of one call and queues the pushes: once it returns, all of them are in SQS.
 * Decisions are recorded before anything is queued, so a repeat after a crash queues the same jobs again,
 * and a repeat after success answers the same and sends nothing.
 *
 * Throws `Refusal` 409 when another message was sent under one of the ids; nothing is stored then.
 */
export async function dispatchMessages(
  appKey: string,
  events: readonly MessageEvent[],
  ports: DispatchPorts,
): Promise<DispatchAnswer[]> {
  const situation = await situationFor(appKey, events, ports);
  const hooked = await askHook(checkPayloads(events, situation.app), situation.app, ports);
  const decided = hooked.map((message) => decideHooked(message, situation));
  const submissions = gatherSubmissions(hooked, decided, ports.hash);
  const jobs = jobsFor(decided, situation, ports.hash);

  const records = new Map<Submission, SubmissionRecord>();
  const begun = await pMap(
    submissions,
    async (submission) => {
      const record = recordOf(submission, jobs, situation.now, situation.now);
      records.set(submission, record);
      const found = await ports.submissions.begin(appKey, submission.key, record);
      const existing = found?.bodyHash === '' ? undefined : found;
      return { submission: withoutRecalled(submission, found?.recalled), existing };
    },
    { concurrency: PARALLEL_RECORDS },
  );
  const fresh = begun.flatMap(({ submission, existing }) => (existing ? [] : [submission]));
  const repeats = begun.flatMap(({ submission, existing }) =>
    existing ? [{ submission, existing }] : [],
  );
  const conflicts = repeats.filter(
    ({ submission, existing }) => existing.bodyHash !== submission.bodyHash,
  );
  if (conflicts.length > 0) {
    const own = fresh.filter(({ recalled }) => recalled === undefined);
    await pMap(own, ({ key }) => ports.submissions.discard(appKey, key));
    throw conflictRefusal(events, conflicts);
  }

  const answers = new Map<string, DispatchAnswer>();
  const freshAnswers = await dispatchFresh(
    appKey,
    { fresh, jobs, decidedAt: situation.now, records },
    situation,
    ports,
  );
  for (const answer of freshAnswers) answers.set(answer.messageId, { ...answer, duplicate: false });
  const [replayable, others] = [true, false].map((isReplayable) =>
    repeats.filter(({ existing }) => hasDecisions(existing) === isReplayable),
  );
  const replayed = await replaySubmissions(
    appKey,
    (replayable ?? []).map(({ submission, existing }) => ({ ...submission, existing })),
    situation,
    ports,
  );
  const repeated = await pMap(others ?? [], ({ submission, existing }) =>
    repeatSubmission(appKey, submission, existing, situation, ports),
  );
  const recalled = new Set(repeats.flatMap(({ existing }) => existing.recalled ?? []));
  for (const answer of [...replayed, ...repeated.flat()]) {
    const told = recalled.has(answer.messageId) ? answeredAsRecalled(answer) : answer;
    answers.set(answer.messageId, { ...told, duplicate: true });
  }
  return events.flatMap(({ messageId }) => answers.get(messageId) ?? []);
}

/** Reads what decisions need; again and fresh where a certificate may have been created a moment ago. */
async function situationFor(
  appKey: string,
  events: readonly MessageEvent[],
  ports: DispatchPorts,
): Promise<Situation> {
  const places = events.flatMap(({ recipients, conversation }) =>
    recipients.map(({ accountId }) => ({ accountId, conversationId: conversation.id })),
  );
  const situation = await readSituation(appKey, places, ports, ports.clock.now());
  if (situation === undefined) throw new Refusal(401, 'the app is unknown');
  const certificates = new Set<string>();
  for (const { devices } of situation.accounts.values()) {
    for (const { tokens } of Object.values(devices)) {
      for (const certificate of Object.keys(tokens)) certificates.add(certificate);
    }
  }
  const app = await ports.apps.getKnowing(appKey, certificates);
  return app === undefined ? situation : { ...situation, app };
}

/** The jobs of these messages; `decidedAt` is that of their record, by which a recall finds them. */
function jobsFor(
  decided: readonly DecidedMessage[],
  situation: Situation,
  hash: (text: string) => string,
  decidedAt = situation.now,
): PushJob[] {
  const { app, now } = situation;
  const facts = { situation, abilities: ABILITIES, hash };
  const planned = decided.flatMap((message) => planPushes(message, facts));
  const { traceLevel } = app.settings;
  const jobs = buildJobs({ appKey: app.appKey, traceLevel }, planned, now, hash);
  return jobs.map((job) => ({ ...job, queuedAt: decidedAt }));
}

function recordOf(
  { bodyHash, decided, recalled }: Submission,
  jobs: readonly PushJob[],
  decidedAt: EpochMs,
  now: EpochMs,
): SubmissionRecord {
  return {
    state: 'in-progress',
    bodyHash,
    decidedAt,
    leaseUntil: now + DISPATCH_LEASE_MS,
    messages: recordedDecisions(decided, jobs, decidedAt),
    ...(recalled && { recalled }),
  };
}

interface FreshCall {
  readonly fresh: readonly Submission[];
  /** Of all that was decided in the call. */
  readonly jobs: readonly PushJob[];
  /** By its records. */
  readonly decidedAt: EpochMs;
  /** Of those that are still what was decided. */
  readonly records?: ReadonlyMap<Submission, SubmissionRecord>;
}

async function dispatchFresh(
  appKey: string,
  { fresh, jobs: jobsOfCall, decidedAt, records: begun = new Map() }: FreshCall,
  situation: Situation,
  ports: DispatchPorts,
): Promise<StoredDecisions[]> {
  const decided = fresh.flatMap((submission) => submission.decided);
  const pushes = decided.reduce((sum, message) => sum + countPushes(message), 0);
  const packed = jobsOfCall.reduce(
    (sum, job) => sum + job.pushes.reduce((all, push) => all + push.targets.length, 0),
    0,
  );
  // messages of the call that were dispatched before leave holes in its jobs: these need ids of their own
  const jobs = pushes === packed ? jobsOfCall : jobsFor(decided, situation, ports.hash, decidedAt);
  const known = jobs === jobsOfCall ? begun : new Map<Submission, SubmissionRecord>();
  const records = fresh.map(
    (one) => known.get(one) ?? recordOf(one, jobs, decidedAt, situation.now),
  );
  const answers = records.flatMap(({ messages }) => messages);
  await Promise.all([
    queueJobs(jobs, situation.now, ports.queue),
    keepDecisions(appKey, notReadable(decided, answers), jobs, situation, ports),
  ]);
  await pMap(
    records.entries(),
    async ([index, record]) => {
      const key = fresh[index]?.key ?? '';
      if (!hasDecisions(record) || jobs !== jobsOfCall || record.recalled !== undefined) {
        await ports.submissions.replace(appKey, key, { ...record, state: 'done' });
      }
    },
    { concurrency: PARALLEL_RECORDS },
  );
  reportDispatch(decided, jobs, ports.telemetry);
  return answers;
}

/** A repeat of what is recorded in counts alone: dispatched again once the first try must have ended. */
async function repeatSubmission(
  appKey: string,
  submission: Submission,
  existing: SubmissionRecord,
  situation: Situation,
  ports: DispatchPorts,
): Promise<readonly StoredDecisions[]> {
  if (existing.state === 'done') return existing.messages;
  if (existing.leaseUntil > situation.now) {
    const seconds = Math.ceil((existing.leaseUntil - situation.now) / 1000);
    throw new TryLater(409, `the same call is still running: repeat it in ${seconds} s`);
  }
  const decided = submission.messages.map((message) =>
    decideHooked(hookedAsRecorded(message, existing.messages), situation),
  );
  const again = withoutRecalled({ ...submission, decided }, existing.recalled);
  // the first try may have queued some of them: only with its time are they known as the same
  const { decidedAt } = existing;
  const jobs = jobsFor(again.decided, situation, ports.hash, decidedAt);
  return dispatchFresh(appKey, { fresh: [again], jobs, decidedAt }, situation, ports);
}
