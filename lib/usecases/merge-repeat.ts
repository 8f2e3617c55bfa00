import type { Account } from '../model/account';
import type { ChosenToken, RecipientDecision } from '../model/decision';
import type { MessageEvent, Recipient } from '../model/message-event';
import { isPushReason } from '../model/reason';
import type { StoredDecision, StoredDecisions, StoredRecipient } from '../model/submission';
import { entryOf } from '../rules/entry-of';
import type { DecidedMessage } from './decide-messages';

/** Reasons that newer presence in a repeat may overturn. */
const RESCUABLE: readonly string[] = ['foreground', 'connected-in-background'];

/** Splits a message that came again, and was decided anew, into what was recorded as a push, and what it rescues. */
export function mergeRepeat(
  { event, recipients }: DecidedMessage,
  before: StoredDecisions | undefined,
  accounts: ReadonlyMap<string, Account>,
): { readonly recorded: DecidedMessage; readonly rescued: DecidedMessage } {
  const stated = new Map(event.recipients.map((one) => [one.accountId, one]));
  const known = before?.recipients ?? [];
  return {
    recorded: {
      event: asItCame(event, before),
      recipients: known.map((recipient) => ({
        ...recipient,
        devices: recipient.devices.flatMap((decision) =>
          pushOf(decision, accounts.get(recipient.accountId)),
        ),
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
            wasConnected(known, recipient.accountId, decision.deviceId),
        ),
      })),
    },
  };
}

/** Pushes of the first call go out as they were decided then: without newer presence, and with the first one's times. */
function asItCame(event: MessageEvent, before: StoredDecisions | undefined): MessageEvent {
  const { sentAt, expiresAt } = before?.origin ?? event;
  const recipients = event.recipients.map(({ accountId }) => ({ accountId }));
  return { ...event, recipients, sentAt, expiresAt };
}

function pushOf(
  decision: StoredDecision,
  account: Account | undefined,
): RecipientDecision['devices'] {
  const chosen = tokenOf(decision, account);
  if (chosen === undefined) return [];
  const because = decision.reason === 'unacked' ? 'unacked' : 'queued';
  return [{ push: true, deviceId: decision.deviceId, chosen, because }];
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
