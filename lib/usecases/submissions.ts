import { reasonOf } from '../model/decision';
import type { MessageEvent } from '../model/message-event';
import type { PushJob } from '../model/push-job';
import type {
  StoredDecision,
  StoredDecisions,
  StoredRecipient,
  SubmissionRecord,
} from '../model/submission';
import type { EpochMs } from '../model/time';
import { originOf } from '../rules/recall';
import { type DecidedMessage, storedDecision } from './decide-messages';

/** Above so many recipients a message is answered with counts, and its decisions are kept apart. */
export const RECIPIENTS_IN_ANSWER = 100;
/** DynamoDB takes 400 KB an item; decisions over this go to pages of their own. */
const RECORD_CHARACTERS = 250_000;

/** The record of a message, or of a whole call that came with a `batchId`. */
export function submissionKey(event: MessageEvent): string {
  return event.batchId === undefined ? `message/${event.messageId}` : `batch/${event.batchId}`;
}

/**
 * What makes a repeat the same message: all that was sent but what recipients are doing, since a repeat may come
 * with newer presence to rescue a push. When it expires is not of the sender's words, for a setting may change it; nor is
 * when it was sent, where that is when it came.
 */
export function submissionHash(
  events: readonly MessageEvent[],
  hash: (text: string) => string,
): string {
  const bodies = events.map(({ expiresAt: _derived, ...event }) => ({
    ...event,
    sentAt: event.sentAtIsArrival ? undefined : event.sentAt,
    recipients: event.recipients.map(({ accountId }) => accountId),
  }));
  return hash(JSON.stringify(bodies));
}

/** How many devices were decided on with each reason; a recipient without a device counts once. */
export function countReasons(decided: DecidedMessage): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (reason: string): void => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const { devices, reason } of decided.recipients) {
    if (devices.length === 0 && reason !== undefined) count(reason);
    for (const decision of devices) count(reasonOf(decision));
  }
  return counts;
}

/** How many devices a message is pushed to. */
export function countPushes({ recipients }: DecidedMessage): number {
  return recipients.reduce(
    (sum, { devices }) => sum + devices.filter(({ push }) => push).length,
    0,
  );
}

/** All decisions of a message, each with the job it went into; `decidedAt` is the time they are stored with. */
export function storedRecipients(
  decided: DecidedMessage,
  jobs: readonly PushJob[],
  decidedAt: EpochMs,
): StoredRecipient[] {
  const jobOf = new Map<string, Pick<StoredDecision, 'jobId' | 'queuedAt'>>();
  for (const { jobId, queuedAt, pushes } of jobs) {
    const told = { jobId, ...(queuedAt !== decidedAt && { queuedAt }) };
    for (const { messageId, targets } of pushes) {
      if (messageId !== decided.event.messageId) continue;
      for (const { accountId, deviceId } of targets) jobOf.set(`${accountId}/${deviceId}`, told);
    }
  }
  return decided.recipients.map(({ accountId, reachable, reason, devices }) => ({
    accountId,
    reachable,
    ...(reason === undefined ? {} : { reason }),
    devices: devices.map(
      (one): StoredDecision => storedDecision(one, jobOf.get(`${accountId}/${one.deviceId}`)),
    ),
  }));
}

/** What the record of that time keeps: decisions where they are answered and fit, else counts alone. */
export function recordedDecisions(
  decided: readonly DecidedMessage[],
  jobs: readonly PushJob[],
  decidedAt: EpochMs,
): StoredDecisions[] {
  const full = decided.map((message): StoredDecisions => {
    const counts = countReasons(message);
    const { messageId, recipients } = message.event;
    const { warnings = [], hooked } = message;
    const told = {
      messageId,
      counts,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(hooked && { hooked }),
      ...recallable(message),
    };
    return recipients.length > RECIPIENTS_IN_ANSWER
      ? { ...told, ...summaryOf(message, jobs) }
      : { ...told, recipients: storedRecipients(message, jobs, decidedAt) };
  });
  if (JSON.stringify(full).length <= RECORD_CHARACTERS) return full;
  return full.map(({ recipients: _tooMany, ...told }, index) => {
    const message = decided[index];
    return message === undefined ? told : { ...told, ...summaryOf(message, jobs) };
  });
}

/** Whether the record holds each decision, and not just how many there were of each. */
export function hasDecisions({ messages }: Pick<SubmissionRecord, 'messages'>): boolean {
  return messages.every(({ recipients }) => recipients !== undefined);
}

/** What a recall has to know, where there is something to recall. */
export function recallable({ event, recipients }: DecidedMessage): Pick<StoredDecisions, 'origin'> {
  const isPushed = recipients.some(({ devices }) => devices.some(({ push }) => push));
  return isPushed ? { origin: originOf(event) } : {};
}

/** What is kept in place of single decisions: who can be reached, and the jobs by which they can be stopped. */
function summaryOf(
  { event, recipients }: DecidedMessage,
  jobs: readonly PushJob[],
): Pick<StoredDecisions, 'reachable' | 'jobs'> {
  return {
    reachable: recipients.filter(({ reachable }) => reachable).length,
    jobs: jobs
      .filter(({ pushes }) => pushes.some(({ messageId }) => messageId === event.messageId))
      .map(({ jobId, vendor, certificate }) => ({ jobId, vendor, certificate })),
  };
}
