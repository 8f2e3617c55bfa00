import type { Account, NodeHeartbeat } from '../model/account';
import type { App } from '../model/app-settings';
import type { Decision, RecipientDecision } from '../model/decision';
import type { MessageEvent } from '../model/message-event';
import type { AccountStore, AppStore } from '../model/ports';
import type { StoredDecision } from '../model/submission';
import type { EpochMs } from '../model/time';
import type { PlannedPush } from '../rules/build-jobs';
import { decideRecipient } from '../rules/decide';
import { clampAt } from '../rules/presence';
import { laneOf, renderNotification } from '../rules/render-notification';

/** Everything a decision looks at, read once for a whole call. */
export interface Situation {
  readonly app: App;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly heartbeats: ReadonlyMap<string, NodeHeartbeat>;
  readonly now: EpochMs;
}

/** One message with what was decided for each recipient. */
export interface DecidedMessage {
  readonly event: MessageEvent;
  readonly recipients: readonly RecipientDecision[];
}

/** Reads the accounts named and the nodes that vouch for their connections. */
export async function readSituation(
  appKey: string,
  accountIds: readonly string[],
  ports: { readonly accounts: AccountStore; readonly apps: AppStore },
  now: EpochMs,
): Promise<Situation | undefined> {
  const [app, accounts] = await Promise.all([
    ports.apps.get(appKey),
    ports.accounts.getMany(appKey, accountIds),
  ]);
  if (app === undefined) return undefined;
  const nodes = new Set<string>();
  for (const account of accounts.values()) {
    for (const { presence } of Object.values(account.devices)) {
      if (presence.connected && presence.witness.kind === 'node') nodes.add(presence.witness.node);
    }
  }
  const heartbeats =
    nodes.size === 0 ? new Map() : await ports.accounts.getHeartbeats(appKey, [...nodes]);
  return { app, accounts, heartbeats, now };
}

/** Decides one message for every device of every recipient. */
export function decideMessage(event: MessageEvent, situation: Situation): DecidedMessage {
  return {
    event,
    recipients: event.recipients.map((recipient) =>
      decideRecipient({
        ...situation,
        event,
        recipient,
        account: situation.accounts.get(recipient.accountId),
      }),
    ),
  };
}

/** The pushes that a message's decisions ask for. */
export function planPushes(
  { event, recipients }: DecidedMessage,
  hash: (text: string) => string,
  now: EpochMs,
): PlannedPush[] {
  const notification = renderNotification(event, hash);
  const lane = laneOf(event);
  const stated = new Map(event.recipients.map(({ accountId, presence }) => [accountId, presence]));
  return recipients.flatMap(({ accountId, devices }) =>
    devices.flatMap((decision): PlannedPush[] => {
      if (!decision.push) return [];
      const { deviceId, chosen } = decision;
      const presence = stated.get(accountId)?.find((one) => one.deviceId === deviceId);
      return [
        {
          messageId: event.messageId,
          lane,
          notification,
          expiresAt: event.expiresAt,
          accountId,
          deviceId,
          chosen,
          // newer stored presence must be able to win while the job waits, and a clock far ahead must not prevent it
          ...(presence && { presence: { ...presence, at: clampAt(presence.at, now) } }),
        },
      ];
    }),
  );
}

/** A decision as it is stored and answered. */
export function storedDecision(decision: Decision, jobId: string | undefined): StoredDecision {
  const { deviceId } = decision;
  if (!decision.push) return { deviceId, reason: decision.because };
  const { vendor, certificate } = decision.chosen;
  return { deviceId, reason: 'queued', vendor, certificate, ...(jobId ? { jobId } : {}) };
}
