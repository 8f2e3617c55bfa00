import type { Account } from '../model/account';
import type { ChosenToken } from '../model/decision';
import type { MessageEvent, Recipient } from '../model/message-event';
import type {
  StoredDecision,
  StoredDecisions,
  StoredRecipient,
  SubmissionRecord,
} from '../model/submission';
import { buildJobs } from '../rules/build-jobs';
import { entryOf } from '../rules/entry-of';
import type { DecidedMessage, Situation } from './decide-messages';
import { planPushes } from './decide-messages';
import type { DispatchPorts } from './dispatch-messages';
import { recordedDecisions } from './submissions';

/** Reasons that newer presence in a repeat may overturn. */
const RESCUABLE: readonly string[] = ['foreground', 'connected-in-background'];

interface Repeat {
  readonly key: string;
  readonly existing: SubmissionRecord;
  /** Decided anew just now; only devices that a repeat may rescue are taken from it. */
  readonly decided: readonly DecidedMessage[];
}

/**
 * Handles a repeat whose decisions are on record. Until the record is known to be done the recorded pushes
 * are queued again under the same job ids: if they got into the queue the first time, the senders drop the
 * copy. Devices skipped as connected are decided anew where the repeat states their presence.
 */
export async function replaySubmission(
  appKey: string,
  { key, existing, decided }: Repeat,
  situation: Situation,
  ports: DispatchPorts,
): Promise<readonly StoredDecisions[]> {
  const recorded = new Map(existing.messages.map((message) => [message.messageId, message]));
  const merged = decided.map((message) => {
    const before = recorded.get(message.event.messageId)?.recipients ?? [];
    return mergeMessage(message, before, situation.accounts);
  });
  const rescued = merged.flatMap(({ rescued: one }) => one);
  const pending = merged.flatMap(({ recorded: one }) => one);
  if (existing.state === 'done' && rescued.every(isEmpty)) return existing.messages;

  const again = existing.state === 'done' ? [] : pending;
  const { traceLevel } = situation.app.settings;
  const jobs = [again, rescued].flatMap((messages) =>
    buildJobs(
      { appKey, traceLevel },
      messages.flatMap((message) => planPushes(message, ports.hash, situation.now)),
      situation.now,
      ports.hash,
    ),
  );
  await ports.queue.put(jobs);
  const messages = withRescued(existing.messages, recordedDecisions(rescued, jobs));
  await ports.submissions.replace(appKey, key, { ...existing, state: 'done', messages });
  return messages;
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
          return chosen ? [{ push: true as const, deviceId: decision.deviceId, chosen }] : [];
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
  { certificate, deviceId }: StoredDecision,
  account: Account | undefined,
): ChosenToken | undefined {
  if (certificate === undefined) return undefined;
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
    return { ...message, counts, recipients };
  });
}
