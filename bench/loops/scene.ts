import type { Account } from '../../lib/model/account';
import { type App, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';

export const APP_KEY = 'bench';
export const PACKAGE = 'com.example.chat';

/** An app with Xiaomi's certificate, that keeps nothing for the trace. */
export const APP: App = {
  appKey: APP_KEY,
  settings: { ...DEFAULT_APP_SETTINGS, traceLevel: 'off' },
  certificates: {
    xiaomi: { name: 'xiaomi', vendor: 'xiaomi', package: PACKAGE, receiptId: 'r' },
  },
};

/** Accounts with one phone each that is out of reach, by id, as the texts they are stored as. */
export function accountTexts(accountIds: readonly string[]): ReadonlyMap<string, string> {
  const now = Date.now();
  return new Map(accountIds.map((id) => [id, JSON.stringify(anAccount(id, now))]));
}

function anAccount(accountId: string, now: number): Account {
  return {
    appKey: APP_KEY,
    accountId,
    devices: {
      d: {
        deviceId: 'd',
        platform: 'android',
        facts: { manufacturer: 'Xiaomi', package: PACKAGE },
        autoSelectPushType: false,
        session: { state: 'logged-in', at: now },
        presence: { connected: false, appState: 'background', at: now, witness: { kind: 'none' } },
        pushEnabled: true,
        tokens: { xiaomi: { vendor: 'xiaomi', token: `t-${accountId}`, registeredAt: now } },
      },
    },
  };
}

/** Bodies of calls: each a message to all of these accounts, or a list of one message to each. */
export function messageBodies(
  accountIds: readonly string[],
  kind: 'group' | 'list',
  count: number,
): string[] {
  return Array.from({ length: count }, (_, call) => {
    const body =
      kind === 'group'
        ? aMessage(`g-${call}`, accountIds, 'team')
        : { messages: accountIds.map((id) => aMessage(`p-${call}-${id}`, [id], 'p2p')) };
    return JSON.stringify(body);
  });
}

function aMessage(messageId: string, recipients: readonly string[], type: 'p2p' | 'team') {
  return {
    messageId,
    type: 'text',
    conversation: { id: 'bench', type, name: 'Bench' },
    sender: { accountId: 'bench-sender', nick: 'Bench' },
    recipients,
    body: 'test text message',
    sentAt: Date.now(),
  };
}
