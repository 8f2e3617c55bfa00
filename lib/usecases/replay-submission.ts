import pMap from 'p-map';
import type { Account } from '../model/account';
import type { ChosenToken } from '../model/decision';
import type { MessageEvent, Recipient } from '../model/message-event';
import type { PushJob } from '../model/push-job';
import { isPushReason, type PushReason } from '../model/reason';
import type {
  StoredDecision,
  StoredDecisions,
  StoredRecipient,
  SubmissionRecord,
} from '../model/submission';
import { buildJobs, type PlannedPush } from '../rules/build-jobs';
import { entryOf } from '../rules/entry-of';
import { ABILITIES } from './check-payloads';
import type { DecidedMessage, Situation } from './decide-messages';
import type { DispatchPorts } from './dispatch-messages';
import { planPushes } from './plan-pushes';
import { queueJobs } from './queue-jobs';
import { recordedDecisions } from './submissions';

const PARALLEL_RECORDS = 20;

/** Reasons that newer presence in a repeat may overturn. */
const RESCUABLE: readonly string[] = ['foreground', 'connected-in-background'];

/** A submission that came again, with its record. */
export interface Repeat {
  readonly key: string;
  readonly existing: SubmissionRecord;
  /** Decided anew just now; only devices that a repeat may rescue are taken from it. */
  readonly decided: readonly DecidedMessage[];
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
 * anew where the repeat states their presence.
 */
export async function replaySubmissions(
  appKey: string,
  repeats: readonly Repeat[],
  situation: Situation,
  ports: DispatchPorts,
): Promise<readonly StoredDecisions[]> {
  const replays = repeats.map((repeat) => replayOf(repeat, situation.accounts));
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
      const messages = withRescued(existing.messages, recordedDecisions(rescued, rescuing));
      await ports.submissions.replace(appKey, key, { ...existing, state: 'done', messages });
      return messages;
    },
    { concurrency: PARALLEL_RECORDS },
  );
  return answers.flat();
}

function replayOf(repeat: Repeat, accounts: Situation['accounts']): Replay {
  const recorded = new Map(repeat.existing.messages.map((one) => [one.messageId, one]));
  const merged = repeat.decided.map((message) =>
    mergeMessage(message, recorded.get(message.event.messageId)?.recipients ?? [], accounts),
  );
  return {
    repeat,
    pending: merged.map((one) => one.recorded),
    rescued: merged.map((one) => one.rescued),
  };
}

/** Recorded jobs that no sender has seen, made again. */
async function unseenJobs(
  appKey: string,
  replays: readonly Replay[],
  situation: Situation,
  ports: DispatchPorts,
): Promise<PushJob[]> {
  const jobIds = new Map<string, string>();
  for (const { messageId, recipients = [] } of replays.flatMap(
    (one) => one.repeat.existing.messages,
  )) {
    for (const { accountId, devices } of recipients) {
      for (const { deviceId, jobId } of devices) {
        if (jobId !== undefined) jobIds.set(placeOf({ messageId, accountId, deviceId }), jobId);
      }
    }
  }
  const planned = replays.flatMap(({ pending }) => plan(pending, situation, ports));
  const byJob = Map.groupBy(planned, (push) => jobIds.get(placeOf(push)) ?? '');
  const seen = await ports.jobs.seen([...byJob.keys()]);
  return [...byJob].flatMap(([jobId, pushes]) =>
    seen.has(jobId) ? [] : jobsOf(appKey, pushes, situation, ports),
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

/** Splits one message into what was recorded as a push, and what the repeat rescues. */
function mergeMessage(
  { event, recipients }: DecidedMessage,
  before: readonly StoredRecipient[],
  accounts: ReadonlyMap<string, Account>,
): { readonly recorded: DecidedMessage; readonly rescued: DecidedMessage } {
  const stated = new Map(event.recipients.map((one) => [one.accountId, one]));
  return {
    recorded: {
      event: withoutPresence(event),
      recipients: before.map((recipient) => ({
        ...recipient,
        devices: recipient.devices.flatMap((decision) => {
          const chosen = tokenOf(decision, accounts.get(recipient.accountId));
          return chosen
            ? [
                {
                  push: true,
                  deviceId: decision.deviceId,
                  chosen,
                  because: becauseOf(decision),
                } as const,
              ]
            : [];
        }),
      })),
    },
    rescued: {
      event,
      recipients: recipients.map((recipient) => ({
        ...recipient,
        devices: recipient.devices.filter(
          (decision) =>
            decision.push &&
            states(stated.get(recipient.accountId), decision.deviceId) &&
            wasConnected(before, recipient.accountId, decision.deviceId),
        ),
      })),
    },
  };
}

/** Pushes of the first call go out as they were decided then. */
function withoutPresence(event: MessageEvent): MessageEvent {
  return { ...event, recipients: event.recipients.map(({ accountId }) => ({ accountId })) };
}

function states(recipient: Recipient | undefined, deviceId: string): boolean {
  return recipient?.presence?.some((one) => one.deviceId === deviceId) ?? false;
}

function wasConnected(
  before: readonly StoredRecipient[],
  accountId: string,
  deviceId: string,
): boolean {
  const recipient = before.find((one) => one.accountId === accountId);
  const decision = recipient?.devices.find((one) => one.deviceId === deviceId);
  return decision !== undefined && RESCUABLE.includes(decision.reason);
}

function tokenOf(
  { certificate, deviceId, reason }: StoredDecision,
  account: Account | undefined,
): ChosenToken | undefined {
  // in shadow mode it is told where a push would have gone
  if (certificate === undefined || !isPushReason(reason)) return undefined;
  const device = account && entryOf(account.devices, deviceId);
  const token = device && entryOf(device.tokens, certificate);
  return token && { ...token, certificate };
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

function becauseOf({ reason }: StoredDecision): PushReason {
  return reason === 'unacked' ? 'unacked' : 'queued';
}
