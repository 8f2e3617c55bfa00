import type { Account } from '../../lib/model/account';
import type { MessageEvent } from '../../lib/model/message-event';
import { decideRecipient } from '../../lib/rules/decide';
import type { Loop } from './loop';
import { APP } from './scene';

/** A message as it is in a body of ours. */
type Written = { readonly recipients: readonly string[] } & Omit<MessageEvent, 'recipients'>;

/** The least the work needs: parses each body and each account's text, and decides. No validation, no texts, no jobs. */
export function createBareEvaluation(
  bodies: readonly string[],
  accounts: ReadonlyMap<string, string>,
): Loop {
  return {
    async run() {
      for (const body of bodies) {
        // the bodies are ours, and already what the schema would make of them but for the defaults
        const parsed: Written | { readonly messages: readonly Written[] } = JSON.parse(body);
        for (const one of 'messages' in parsed ? parsed.messages : [parsed]) decide(one, accounts);
      }
    },
    close: () => undefined,
  };
}

function decide(written: Written, accounts: ReadonlyMap<string, string>): void {
  const now = Date.now();
  const event: MessageEvent = {
    ...written,
    expiresAt: now + 86_400_000,
    pushConfig: {
      pushEnabled: true,
      pushNickEnabled: true,
      forcePush: false,
      unreadEnabled: true,
    },
    recipients: written.recipients.map((accountId) => ({ accountId })),
  };
  const decisions = event.recipients.map((recipient) =>
    decideRecipient({
      app: APP,
      heartbeats: new Map(),
      now,
      event,
      recipient,
      account: JSON.parse(accounts.get(recipient.accountId) ?? '') as Account,
    }),
  );
  if (!decisions.every(({ devices }) => devices.every(({ push }) => push))) {
    throw new Error('the bare loop decides otherwise than the function');
  }
}
