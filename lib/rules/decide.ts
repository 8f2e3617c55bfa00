import type { Account } from '../model/account';
import type { Decision, RecipientDecision } from '../model/decision';
import type { ExplicitPresence, Insistence, MessageEvent, Recipient } from '../model/message-event';
import type { PushSubject, PushTarget } from '../model/push-job';
import type { SkipReason } from '../model/reason';
import type { EpochMs } from '../model/time';
import { currentChannel } from './channel';
import {
  asStated,
  type Check,
  CONNECTED_REASONS,
  type DeviceCase,
  decideDevice,
  deviceCase,
  firstReason,
  type World,
} from './device-checks';
import { entryOf } from './entry-of';
import { isFromManager } from './insistence';
import { isSentFor } from './rollout';
import { isLoggedIn } from './session';

/** One recipient of one message. */
interface RecipientCase {
  readonly event: MessageEvent;
  readonly recipient: Recipient;
  readonly account: Account | undefined;
  readonly takenOut?: boolean;
  readonly now: EpochMs;
}

/** First what concerns all devices of a recipient; the first reason that applies is the one recorded. */
export const RECIPIENT_CHECKS: readonly Check<RecipientCase>[] = [
  { reason: 'expired', applies: ({ event, now }) => event.expiresAt <= now },
  // recalled: the message is on record as one, so there is nothing to decide
  { reason: 'push-not-enabled', applies: ({ event }) => !hasPush(event) },
  { reason: 'hook', applies: ({ takenOut = false }) => takenOut },
  {
    reason: 'own-device',
    applies: ({ event, recipient }) => recipient.accountId === event.sender.accountId,
  },
  { reason: 'unknown-account', applies: ({ account }) => account === undefined },
  {
    reason: 'blocked',
    applies: ({ account, recipient }) =>
      account?.blocked === true || recipient.blockedSender === true,
  },
];

/** What recalls and custom notifications say, they say themselves: there is no text for them to fall back on. */
function hasPush({ kind, pushConfig }: MessageEvent): boolean {
  const needsContent = kind === 'recall' || kind === 'notification';
  return pushConfig.pushEnabled && !(needsContent && !pushConfig.pushContent);
}

/** Everything one recipient's decision looks at. */
export interface RecipientInput extends World {
  readonly event: MessageEvent;
  readonly recipient: Recipient;
  readonly account: Account | undefined;
  readonly insists?: Insistence | undefined;
  /** The app's own webhook took the recipient out. */
  readonly takenOut?: boolean;
}

/** Decides for every device of one recipient, and for devices the event names that we do not know. */
export function decideRecipient(input: RecipientInput): RecipientDecision {
  const { recipient, event, insists } = input;
  const { accountId, presence: stated = [] } = recipient;
  const because = RECIPIENT_CHECKS.find((check) => check.applies(input))?.reason;
  if (input.account === undefined) {
    return { accountId, reachable: false, devices: [], ...(because && { reason: because }) };
  }
  const account = asStated(input.account, stated);
  const matter = { subject: subjectOf(event), insists };
  let reachable = false;
  const devices = Object.values(account.devices).map((device): Decision => {
    const { deviceId } = device;
    const live = deviceCase(account, device, matter, input);
    const decision: Decision =
      because === undefined ? decisionFor(live, event) : { push: false, deviceId, because };
    reachable ||= isReachable(live, decision);
    return decision;
  });
  for (const deviceId of new Set(stated.map((presence) => presence.deviceId))) {
    if (!Object.hasOwn(account.devices, deviceId)) {
      devices.push({ push: false, deviceId, because: because ?? 'never-logged-in' });
    }
  }
  return {
    accountId,
    reachable,
    devices,
    ...(devices.length === 0 && { reason: because ?? 'never-logged-in' }),
  };
}

/** What a push is about, as it travels with its jobs. */
export function subjectOf(event: MessageEvent): PushSubject {
  return {
    conversationId: event.conversation.id,
    sentAt: event.sentAt,
    ...(isFromManager(event) ? { fromManager: true } : {}),
  };
}

/** After how long a device that is connected is pushed to all the same; undefined when it never is. */
export function unackedAfterMs(
  reason: SkipReason,
  { pushIfUnackedMs }: MessageEvent,
  { app }: Pick<World, 'app'>,
): number | undefined {
  const { settings } = app;
  const ofApp = reason === 'connected-in-background' ? settings.pushIfUnackedMs : 0;
  const isConnected = CONNECTED_REASONS.some((one) => one === reason);
  const afterMs = isConnected ? (pushIfUnackedMs ?? ofApp) : 0;
  return afterMs > 0 ? afterMs : undefined;
}

function decisionFor(live: DeviceCase, event: MessageEvent): Decision {
  const { device, account, world } = live;
  const { deviceId } = device;
  const first = decideDevice(live);
  const waits = typeof first === 'string' && unackedAfterMs(first, event, world) !== undefined;
  const second = waits ? decideDevice(live, CONNECTED_REASONS) : first;
  // a connected device that has no channel either is first of all connected
  const chosen = waits && typeof second === 'string' ? first : second;
  if (typeof chosen === 'string') return { push: false, deviceId, because: chosen };
  return isSentFor(account.accountId, world.app.settings)
    ? { push: true, deviceId, chosen, because: waits ? 'unacked' : 'queued' }
    : { push: false, deviceId, chosen, because: 'shadow' };
}

/**
 * Whether a target that has waited is still wanted: its account is still logged in there, out of
 * reach of the connection, the token still this device's under this certificate, and the app does more than watch.
 */
export function decideAgain(
  input: World & {
    readonly target: PushTarget;
    readonly subject?: PushSubject | undefined;
    readonly certificate: string;
    readonly account: Account | undefined;
  },
): 'wanted' | SkipReason {
  const { target, certificate, app, subject } = input;
  if (input.account === undefined) {
    return 'unknown-account';
  }
  if (input.account.blocked === true) {
    return 'blocked';
  }
  const account = asStated(input.account, stillStated(target, input.account));
  const device = entryOf(account.devices, target.deviceId);
  if (device === undefined) {
    return 'never-logged-in';
  }
  const live = deviceCase(account, device, { subject, insists: target.insists }, input);
  // who waits for an acknowledgement is connected, and that is not to count
  const reason = firstReason(live, target.unacked ? CONNECTED_REASONS : []);
  if (reason !== undefined) {
    return reason;
  }
  const token = entryOf(device.tokens, certificate);
  if (token?.token !== target.token) {
    return 'no-token';
  }
  if (entryOf(app.certificates, certificate)?.vendor !== token.vendor) {
    return 'no-certificate';
  }
  return isSentFor(account.accountId, app.settings) ? 'wanted' : 'shadow';
}

/** What the event said of the device and of desktops, unless something newer was reported since. */
function stillStated(
  { presence, desktops = [] }: PushTarget,
  { devices }: Account,
): readonly ExplicitPresence[] {
  const stated = presence === undefined ? desktops : [presence, ...desktops];
  return stated.filter(({ deviceId, at }) => {
    const storedAt = entryOf(devices, deviceId)?.presence.at ?? 0;
    return at === undefined || at >= storedAt;
  });
}

/** Whether the connection or some vendor's channel leads to the device, whatever was decided. */
function isReachable(live: DeviceCase, decision: Decision): boolean {
  if (!isLoggedIn(live.device)) {
    return false;
  }
  return (
    live.connected ||
    decision.chosen !== undefined ||
    typeof currentChannel(live.device, live.world.app) === 'object'
  );
}
