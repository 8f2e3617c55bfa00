import type {
  Account,
  Device,
  NodeHeartbeat,
  Presence,
  RegisteredToken,
} from '../../lib/model/account';
import {
  type App,
  type AppSettings,
  type CertificateEntry,
  DEFAULT_APP_SETTINGS,
} from '../../lib/model/app-settings';
import type { MessageEvent, PushConfig } from '../../lib/model/message-event';
import type { PushJob, PushTarget } from '../../lib/model/push-job';
import { MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import type { VendorId } from '../../lib/model/vendor-id';

/** The moment at which most tests play. */
export const NOW = 1_800_000_000_000;

export const OWNER = { appKey: 'app-1', accountId: 'bob' } as const;

/** A token of Xiaomi's, registered a minute ago. */
export function aToken(changes: Partial<RegisteredToken> = {}): RegisteredToken {
  return { vendor: 'xiaomi', token: 'token-1', registeredAt: NOW - MINUTE_MS, ...changes };
}

/** Not connected: last seen in the background, a minute ago. */
export function aPresence(changes: Partial<Presence> = {}): Presence {
  return {
    connected: false,
    appState: 'background',
    at: NOW - MINUTE_MS,
    witness: { kind: 'none' },
    ...changes,
  };
}

/** A Xiaomi phone that is logged in, out of reach of the connection, and has a token. */
export function aDevice(changes: Partial<Device> = {}): Device {
  return {
    deviceId: 'phone-1',
    platform: 'android',
    facts: { manufacturer: 'Xiaomi' },
    autoSelectPushType: false,
    session: { state: 'logged-in', at: NOW - MINUTE_MS },
    presence: aPresence(),
    pushEnabled: true,
    tokens: { 'xiaomi-cert': aToken() },
    ...changes,
  };
}

/** Bob's account with these devices; with one phone if none are named. */
export function anAccount(
  devices: readonly Device[] = [aDevice()],
  changes: Partial<Account> = {},
): Account {
  return {
    ...OWNER,
    devices: Object.fromEntries(devices.map((device) => [device.deviceId, device])),
    ...changes,
  };
}

/** A certificate of a vendor, named `<vendor>-cert` unless said otherwise. */
export function aCertificateEntry(
  vendor: VendorId,
  changes: Partial<CertificateEntry> = {},
): CertificateEntry {
  return { name: `${vendor}-cert`, vendor, receiptId: `receipt-of-${vendor}`, ...changes };
}

/** An app with default settings and these certificates: Xiaomi's and FCM's if none are named. */
export function anApp(
  certificates: readonly CertificateEntry[] = [
    aCertificateEntry('xiaomi'),
    aCertificateEntry('fcm'),
  ],
  settings: Partial<AppSettings> = {},
): App {
  return {
    appKey: OWNER.appKey,
    settings: { ...DEFAULT_APP_SETTINGS, ...settings },
    certificates: Object.fromEntries(certificates.map((entry) => [entry.name, entry])),
  };
}

/** A text from alice to bob, sent just now, that lives for a day. */
export function aMessageEvent(
  changes: Partial<Omit<MessageEvent, 'pushConfig'>> & { pushConfig?: Partial<PushConfig> } = {},
): MessageEvent {
  const { pushConfig, ...rest } = changes;
  return {
    messageId: 'message-1',
    type: 'text',
    conversation: { id: 'alice', type: 'p2p' },
    sender: { accountId: 'alice', nick: 'Alice' },
    recipients: [{ accountId: OWNER.accountId }],
    body: 'hello',
    sentAt: NOW,
    expiresAt: NOW + 24 * 60 * MINUTE_MS,
    ...rest,
    pushConfig: {
      pushEnabled: true,
      pushNickEnabled: true,
      forcePush: false,
      unreadEnabled: true,
      ...pushConfig,
    },
  };
}

/** Bob's phone as a target, by the token `aDevice` has. */
export function aTarget(changes: Partial<PushTarget> = {}): PushTarget {
  const { token, registeredAt } = aToken();
  return { accountId: OWNER.accountId, deviceId: 'phone-1', token, registeredAt, ...changes };
}

/** A job with one push to bob's phone, queued just now. */
export function aPushJob(changes: Partial<PushJob> = {}): PushJob {
  const notification = {
    title: 'Alice',
    body: 'hello',
    notifyId: 1,
    dedupeKey: 'message-1',
    urgency: 'normal',
    messageClass: 'im',
    parts: { nick: 'Alice', content: 'hello', conversation: 'Alice' },
    data: {},
  } as const;
  const expiresAt = NOW + 24 * 60 * MINUTE_MS;
  return {
    jobId: 'job-1',
    generation: 0,
    appKey: OWNER.appKey,
    vendor: 'xiaomi',
    certificate: 'xiaomi-cert',
    lane: 'direct',
    traceLevel: 'full',
    queuedAt: NOW,
    decidedAt: NOW,
    pushes: [{ messageId: 'message-1', notification, expiresAt, targets: [aTarget()] }],
    ...changes,
  };
}

/** A node that beat a second ago and has run for an hour. */
export function aHeartbeat(changes: Partial<NodeHeartbeat> = {}): NodeHeartbeat {
  return {
    node: 'node-1',
    epoch: 'epoch-1',
    epochSince: NOW - 60 * MINUTE_MS,
    at: NOW - SECOND_MS,
    ...changes,
  };
}
