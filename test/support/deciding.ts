import type { Account, Device, NodeHeartbeat } from '../../lib/model/account';
import type { App, AppSettings } from '../../lib/model/app-settings';
import { type RecipientDecision, reasonOf } from '../../lib/model/decision';
import type { Insistence, MessageEvent, Recipient } from '../../lib/model/message-event';
import { decideRecipient } from '../../lib/rules/decide';
import {
  aCertificateEntry,
  aDevice,
  aMessageEvent,
  anAccount,
  anApp,
  aPresence,
  aToken,
  NOW,
} from './builders';

export const FOREGROUND = aPresence({ connected: true, appState: 'foreground' });
export const BACKGROUND = aPresence({ connected: true, appState: 'background' });
export const APNS = {
  platform: 'ios',
  tokens: { 'apns-cert': aToken({ vendor: 'apns' }) },
} as const;
export const HARMONY = {
  platform: 'harmony',
  tokens: { 'harmony-cert': aToken({ vendor: 'harmony' }) },
} as const;
export const ALL_CERTIFICATES = (['xiaomi', 'apns', 'harmony'] as const).map((vendor) =>
  aCertificateEntry(vendor),
);

/** What differs from: a text to bob, whose one phone is out of reach. */
export interface Scene {
  readonly event?: MessageEvent;
  readonly recipient?: Omit<Recipient, 'accountId'> & { readonly accountId?: string };
  readonly devices?: readonly Device[];
  readonly settings?: Partial<AppSettings>;
  readonly app?: App;
  readonly heartbeats?: readonly NodeHeartbeat[];
  readonly account?: Partial<Account>;
  readonly insists?: Insistence;
  readonly takenOut?: boolean;
}

/** Decides for bob. */
export function decide(scene: Scene = {}): RecipientDecision {
  return decideRecipient({
    event: scene.event ?? aMessageEvent(),
    recipient: { accountId: 'bob', ...scene.recipient },
    account: anAccount(scene.devices, scene.account),
    app: scene.app ?? anApp(ALL_CERTIFICATES, scene.settings),
    heartbeats: new Map(scene.heartbeats?.map((beat) => [beat.node, beat])),
    now: NOW,
    insists: scene.insists,
    takenOut: scene.takenOut ?? false,
  });
}

/** The reason for each device. */
export function reasonsOf(decision: RecipientDecision): readonly string[] {
  return decision.devices.map(reasonOf);
}

/** The reason for the one phone. */
export function reasonFor(changes: Partial<Device>, scene: Scene = {}): string | undefined {
  return reasonsOf(decide({ ...scene, devices: [aDevice(changes)] }))[0];
}
