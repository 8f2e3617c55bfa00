import type { Account, NodeHeartbeat } from '../model/account';
import type { App } from '../model/app-settings';
import type { Decision, RecipientDecision } from '../model/decision';
import type { HookedConfig } from '../model/hook';
import type { MessageEvent } from '../model/message-event';
import type { AccountStore, AppStore } from '../model/ports';
import type { StoredDecision } from '../model/submission';
import type { EpochMs } from '../model/time';
import { decideRecipient } from '../rules/decide';
import type { World } from '../rules/device-checks';
import { insistenceIn } from '../rules/insistence';

/** Everything a decision looks at, read once for a whole call. */
export interface Situation extends World {
  readonly app: App;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly heartbeats: ReadonlyMap<string, NodeHeartbeat>;
  readonly now: EpochMs;
}

/** One message with what was decided for each recipient. */
export interface DecidedMessage {
  readonly event: MessageEvent;
  readonly recipients: readonly RecipientDecision[];
  /** What was left out of the message for its push not to be refused. */
  readonly warnings?: readonly string[];
  /** What the app's webhook changed; it is in the event. */
  readonly hooked?: HookedConfig;
}

/** An account, and the conversation that is about to disturb it. */
export interface AccountInConversation {
  readonly accountId: string;
  readonly conversationId?: string | undefined;
}

/** Reads the accounts named, the nodes that vouch for their connections, and mutes that did not fit an account. */
export async function readSituation(
  appKey: string,
  places: readonly AccountInConversation[],
  ports: { readonly accounts: AccountStore; readonly apps: AppStore },
  now: EpochMs,
): Promise<Situation | undefined> {
  const [app, accounts] = await Promise.all([
    ports.apps.get(appKey),
    ports.accounts.getMany(
      appKey,
      places.map(({ accountId }) => accountId),
    ),
  ]);
  if (app === undefined) return undefined;
  const nodes = new Set<string>();
  for (const account of accounts.values()) {
    for (const { presence } of Object.values(account.devices)) {
      if (presence.connected && presence.witness.kind === 'node') nodes.add(presence.witness.node);
    }
  }
  const elsewhere = places.flatMap(({ accountId, conversationId }) =>
    conversationId !== undefined && accounts.get(accountId)?.hasMoreMutes
      ? [{ accountId, conversationId }]
      : [],
  );
  const [heartbeats, mutes] = await Promise.all([
    nodes.size === 0 ? new Map() : ports.accounts.getHeartbeats(appKey, [...nodes]),
    elsewhere.length === 0 ? new Map() : ports.accounts.getMutes(appKey, elsewhere),
  ]);
  return { app, accounts, heartbeats, mutes, now };
}

const NOBODY: ReadonlySet<string> = new Set();

/** Decides one message for every device of every recipient; `takenOut` are left out by the app's webhook. */
export function decideMessage(
  event: MessageEvent,
  situation: Situation,
  takenOut: ReadonlySet<string> = NOBODY,
): DecidedMessage {
  const insists = insistenceIn(event);
  return {
    event,
    recipients: event.recipients.map((recipient) =>
      decideRecipient({
        ...situation,
        event,
        recipient,
        account: situation.accounts.get(recipient.accountId),
        insists: insists(recipient.accountId),
        takenOut: takenOut.has(recipient.accountId),
      }),
    ),
  };
}

/** A decision as it is stored and answered, with the job it went into. */
export function storedDecision(
  decision: Decision,
  job: Pick<StoredDecision, 'jobId' | 'queuedAt'> = {},
): StoredDecision {
  const { deviceId, because, chosen } = decision;
  if (chosen === undefined) return { deviceId, reason: because };
  const { vendor, certificate } = chosen;
  return { deviceId, reason: because, vendor, certificate, ...job };
}
