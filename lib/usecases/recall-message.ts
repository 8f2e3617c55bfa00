import { Refusal } from '../model/errors';
import type { JobAddress, JobProgress, JobStore } from '../model/ports';
import type { MessageOrigin, StoredRecipient, SubmissionRecord } from '../model/submission';
import { DAY_MS, type EpochMs } from '../model/time';
import type { UnreadStore } from '../model/unread';
import { buildJobs } from '../rules/build-jobs';
import { type RecallOrder, recallEvent, recallIdOf } from '../rules/recall';
import { checkPayloads } from './check-payloads';
import { readSituation, type Situation } from './decide-messages';
import { devicesTried } from './devices-tried';
import type { DispatchPorts } from './dispatch-messages';
import { forgetUnread } from './forget-unread';
import { jobAddress } from './job-address';
import { keepDecisions } from './keep-decisions';
import { placeOf, planRecall, type ShownOn } from './plan-recall';
import { queueJobs } from './queue-jobs';
import { stopJobs } from './stop-jobs';

/** What a recall needs. */
export type RecallPorts = Pick<
  DispatchPorts,
  'accounts' | 'apps' | 'submissions' | 'queue' | 'clock' | 'hash'
> & {
  readonly jobs: Pick<JobStore, 'recall'>;
  readonly unread: Pick<UnreadStore, 'read' | 'removeMessage'>;
};

/** A recall as it came. */
export interface Recall extends RecallOrder {
  /** Of the call the message came with, if it did. */
  readonly batchId?: string;
}

/** What was done. */
export interface RecallAnswer {
  readonly messageId: string;
  readonly recalled: true;
  /** Jobs that were not done with the message yet. */
  readonly stopped: number;
  /** It is not kept who was pushed to: nothing more could be done. */
  readonly recipients?: 'unknown';
  /** Devices whose vendor is asked to take the notification back. */
  readonly withdrawn?: number;
  /** Devices that are told of the recall. */
  readonly pushed?: number;
}

/**
 * Recalls a message: what is queued of it is not sent, what was shown is withdrawn, or overwritten where the recall
 * has a text. A message that is recalled before it comes is not pushed. The same recall again does nothing and answers the same.
 *
 * Throws `Refusal` 400 for a payload that some vendor would refuse, 409 when the message was recalled with other words.
 */
export async function recallMessage(
  appKey: string,
  recall: Recall,
  ports: RecallPorts,
): Promise<RecallAnswer> {
  const { batchId, ...order } = recall;
  const { messageId } = order;
  const checked = await checkOrder(appKey, order, ports);
  const now = ports.clock.now();
  const recordKey = batchId === undefined ? `message/${messageId}` : `batch/${batchId}`;
  const { record, recalledAt } = await ports.submissions.recall(appKey, recordKey, messageId, now);
  const message = await whatIsKept(appKey, messageId, record, ports);
  if (message === undefined) {
    return { messageId, recalled: true, stopped: 0, withdrawn: 0, pushed: 0 };
  }

  const key = `message/${recallIdOf(messageId)}`;
  const bodyHash = ports.hash(JSON.stringify(order));
  const before = await ports.submissions.get(appKey, key);
  // an id may be used again after a day
  if (before !== undefined && before.decidedAt >= Math.max(now - DAY_MS, message.decidedAt)) {
    if (before.bodyHash !== bodyHash) {
      throw new Refusal(409, 'the message was recalled before with another body');
    }
    return answerOf(messageId, before.messages[0]?.counts ?? {});
  }

  const progress = await stopJobs(message.jobs, messageId, ports);
  const jobs = [...progress.values()].flatMap((job) => [job, ...(job.cameOut ?? [])]);
  const stopped = jobs.filter(({ state }) => state !== 'done').length;
  const done = await takeBack(appKey, checked, { ...message, recalledAt }, progress, ports);
  const counts = { stopped, ...done };
  await ports.submissions.replace(appKey, key, {
    state: 'done',
    bodyHash,
    decidedAt: now,
    leaseUntil: now,
    messages: [{ messageId: recallIdOf(messageId), counts }],
  });
  return answerOf(messageId, counts);
}

function answerOf(messageId: string, counts: Readonly<Record<string, number>>): RecallAnswer {
  const { stopped = 0, withdrawn, pushed } = counts;
  const common = { messageId, recalled: true, stopped } as const;
  return withdrawn === undefined || pushed === undefined
    ? { ...common, recipients: 'unknown' }
    : { ...common, withdrawn, pushed };
}

/** The order without what some vendor would refuse, where the app says so; throws `Refusal` 400 where it does not. */
async function checkOrder(
  appKey: string,
  order: RecallOrder,
  { apps }: RecallPorts,
): Promise<RecallOrder> {
  if (order.pushPayload === undefined) return order;
  const app = await apps.get(appKey);
  if (app === undefined) throw new Refusal(401, 'the app is unknown');
  try {
    const [checked] = checkPayloads([recallEvent(order, ANY_ORIGIN, [])], app);
    const { pushPayload } = checked?.event.pushConfig ?? {};
    return { ...order, ...(pushPayload === undefined ? {} : { pushPayload }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fields = error.fields.map((one) => ({
      ...one,
      path: one.path.replace(/^pushConfig\./, ''),
    }));
    throw new Refusal(error.status, error.message, fields);
  }
}

/** What is wrong with a payload does not hang on the message. */
const ANY_ORIGIN: MessageOrigin = {
  type: 'custom',
  conversation: { id: '', type: 'p2p' },
  sender: { accountId: '' },
  sentAt: 0,
  expiresAt: 0,
};

/** What is known of a message that has come. */
interface KeptMessage {
  readonly decidedAt: number;
  readonly jobs: readonly JobAddress[];
  /** Absent where nothing but counts is kept. */
  readonly recipients?: readonly StoredRecipient[];
  readonly origin?: MessageOrigin;
}

async function whatIsKept(
  appKey: string,
  messageId: string,
  record: SubmissionRecord | undefined,
  { submissions }: RecallPorts,
): Promise<KeptMessage | undefined> {
  const own = record?.messages.find((one) => one.messageId === messageId);
  const found =
    own?.recipients === undefined ? await submissions.decisionsOf(appKey, messageId) : undefined;
  const decidedAt = own === undefined ? found?.decidedAt : record?.decidedAt;
  if (decidedAt === undefined) return undefined;
  // the id may have been used before
  const pages = found !== undefined && found.decidedAt >= decidedAt ? found : undefined;
  const recipients = own?.recipients ?? pages?.recipients;
  const origin = own?.origin ?? pages?.origin;
  const decisions = (recipients ?? []).flatMap(({ devices }) => devices);
  const storedAt = own?.recipients === undefined ? (pages?.decidedAt ?? decidedAt) : decidedAt;
  const jobs = [
    ...(own?.jobs ?? []).map((job) => ({ ...job, appKey, queuedAt: decidedAt })),
    ...decisions.flatMap((decision) => jobAddress(appKey, decision, storedAt) ?? []),
  ];
  // at the level `failures` those that were pushed to are left out
  const isWhole = origin === undefined || decisions.some(({ jobId }) => jobId !== undefined);
  return {
    decidedAt,
    jobs: [...new Map(jobs.map((job) => [job.jobId, job])).values()],
    ...(recipients !== undefined && isWhole ? { recipients } : {}),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** Queues withdrawals and the recall's own pushes; answers how many, or nothing where it is not known who got the message. */
async function takeBack(
  appKey: string,
  order: RecallOrder,
  { recipients, origin, recalledAt }: KeptMessage & { readonly recalledAt: EpochMs },
  progress: ReadonlyMap<string, JobProgress>,
  ports: RecallPorts,
): Promise<Pick<RecallAnswer, 'withdrawn' | 'pushed'>> {
  if (recipients === undefined) return {};
  const tried = devicesTried(order.messageId, recipients, progress, ports.clock.now());
  if (origin === undefined || tried.length === 0) return { withdrawn: 0, pushed: 0 };
  const situation = await situationFor(appKey, origin, tried, ports);
  const isLeft = await forgetUnread(recallEvent(order, origin, []), tried, situation, ports);
  // a conversation's one notification stays for the messages that are left
  const shown = tried.filter((device) => device.isShown && !isLeft(device));
  if (shown.length === 0) return { withdrawn: 0, pushed: 0 };
  const accountIds = [...new Set(shown.map(({ accountId }) => accountId))];
  const event = recallEvent(order, origin, accountIds);
  const { decided, pushes, withdrawals } = planRecall(event, shown, situation, ports.hash);
  const { traceLevel } = situation.app.settings;
  const planned = [...pushes, ...withdrawals];
  // of a recall that failed half-way and came again, senders drop one of two copies
  const jobs = buildJobs({ appKey, traceLevel }, planned, situation.now, ports.hash).map((job) => ({
    ...job,
    queuedAt: recalledAt,
  }));
  await queueJobs(jobs, situation.now, ports.queue);
  await keepDecisions(appKey, [decided], jobs, situation, ports);
  const takers = new Set(withdrawals.map(placeOf));
  return { withdrawn: takers.size, pushed: pushes.length };
}

async function situationFor(
  appKey: string,
  { conversation }: MessageOrigin,
  shown: readonly ShownOn[],
  ports: RecallPorts,
): Promise<Situation> {
  const places = shown.map(({ accountId }) => ({ accountId, conversationId: conversation.id }));
  const situation = await readSituation(appKey, places, ports, ports.clock.now());
  if (situation === undefined) throw new Refusal(401, 'the app is unknown');
  return situation;
}
