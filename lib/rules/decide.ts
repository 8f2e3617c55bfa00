import type { Account, AppState, Device, NodeHeartbeat } from '../model/account';
import type { App } from '../model/app-settings';
import type { ChosenToken, Decision, RecipientDecision } from '../model/decision';
import type { ExplicitPresence, MessageEvent, Recipient } from '../model/message-event';
import type { PushTarget } from '../model/push-job';
import type { SkipReason } from '../model/reason';
import type { EpochMs } from '../model/time';
import { currentChannel } from './channel';
import { isStale } from './device-limit';
import { entryOf } from './entry-of';
import { classOf } from './platform';
import { isConnected } from './presence';
import { isLoggedIn } from './session';

interface Check<Case> {
  readonly reason: SkipReason;
  applies(of: Case): boolean;
}

/** One recipient of one message. */
interface RecipientCase {
  readonly event: MessageEvent;
  readonly recipient: Recipient;
  readonly account: Account | undefined;
  readonly now: EpochMs;
}

/** One device as it stands now. */
interface DeviceCase {
  readonly device: Device;
  readonly connected: boolean;
  readonly appState: AppState;
  readonly app: App;
  readonly now: EpochMs;
}

/** What the app knows of the world besides accounts. `heartbeats` by node. */
interface World {
  readonly app: App;
  readonly heartbeats: ReadonlyMap<string, NodeHeartbeat>;
  readonly now: EpochMs;
}

/** First what concerns all devices of a recipient; the first reason that applies is the one recorded. */
export const RECIPIENT_CHECKS: readonly Check<RecipientCase>[] = [
  { reason: 'expired', applies: ({ event, now }) => event.expiresAt <= now },
  { reason: 'push-not-enabled', applies: ({ event }) => !event.pushConfig.pushEnabled },
  {
    reason: 'own-device',
    applies: ({ event, recipient }) => recipient.accountId === event.sender.accountId,
  },
  { reason: 'unknown-account', applies: ({ account }) => account === undefined },
  // an account blocked by an admin belongs here too
  { reason: 'blocked', applies: ({ recipient }) => recipient.blockedSender === true },
];

/** Then what concerns one device: these are asked again when a job has waited. */
export const DEVICE_CHECKS: readonly Check<DeviceCase>[] = [
  { reason: 'no-push-platform', applies: ({ device }) => classOf(device.platform) !== 'mobile' },
  // never-logged-in: we do not know the device, so there is nothing to ask
  { reason: 'logged-out', applies: ({ device }) => device.session.state === 'logged-out' },
  { reason: 'kicked', applies: ({ device }) => device.session.state === 'kicked' },
  { reason: 'stale', applies: ({ device, app, now }) => isStale(device, app.settings, now) },
  {
    reason: 'foreground',
    applies: ({ connected, appState }) => connected && appState === 'foreground',
  },
  {
    reason: 'connected-in-background',
    applies: ({ device, connected, app }) => connected && !pushesInBackground(device, app),
  },
  { reason: 'push-disabled', applies: ({ device }) => !device.pushEnabled },
  // desktop-online: a desktop of the account is connected and the account does not want both
  // force push comes here: it skips the next two
  // muted: the conversation is muted by the recipient
  // do-not-disturb: the recipient's window, in the recipient's time zone
  // no-token and no-certificate: what is left has to have a channel
];

/** Decides for every device of one recipient, and for devices the event names that we do not know. */
export function decideRecipient(
  input: World & {
    readonly event: MessageEvent;
    readonly recipient: Recipient;
    readonly account: Account | undefined;
  },
): RecipientDecision {
  const { recipient, account } = input;
  const { accountId } = recipient;
  const because = firstReason(RECIPIENT_CHECKS, input);
  if (account === undefined) {
    return { accountId, reachable: false, devices: [], ...(because && { reason: because }) };
  }
  const stated = recipient.presence ?? [];
  let reachable = false;
  const devices = Object.values(account.devices).map((device): Decision => {
    const { deviceId } = device;
    const live = caseOf(
      device,
      stated.find((presence) => presence.deviceId === deviceId),
      input,
    );
    const decision = because ?? decideDevice(live);
    reachable ||= isReachable(live, decision);
    return typeof decision === 'string'
      ? { push: false, deviceId, because: decision }
      : { push: true, deviceId, chosen: decision, because: 'queued' };
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

/** The token to push to, or the first reason not to. */
export function decideDevice(live: DeviceCase): ChosenToken | SkipReason {
  return firstReason(DEVICE_CHECKS, live) ?? currentChannel(live.device, live.app);
}

/**
 * Whether a target that has waited is still wanted: its account is still logged in there, out of
 * reach of the connection, and the token still this device's under this certificate.
 */
export function decideAgain(
  input: World & {
    readonly target: PushTarget;
    readonly certificate: string;
    readonly account: Account | undefined;
  },
): 'wanted' | SkipReason {
  const { target, certificate, account, app } = input;
  if (account === undefined) {
    return 'unknown-account';
  }
  const device = entryOf(account.devices, target.deviceId);
  if (device === undefined) {
    return 'never-logged-in';
  }
  const reason = firstReason(DEVICE_CHECKS, caseOf(device, stillStated(target, device), input));
  if (reason !== undefined) {
    return reason;
  }
  const token = entryOf(device.tokens, certificate);
  if (token?.token !== target.token) {
    return 'no-token';
  }
  return entryOf(app.certificates, certificate)?.vendor === token.vendor
    ? 'wanted'
    : 'no-certificate';
}

/** What the event said of the device, unless something newer was reported since. */
function stillStated({ presence }: PushTarget, device: Device): ExplicitPresence | undefined {
  return presence?.at !== undefined && presence.at < device.presence.at ? undefined : presence;
}

/** What an event states about a device wins over what is stored. */
function caseOf(device: Device, stated: ExplicitPresence | undefined, world: World): DeviceCase {
  const { app, heartbeats, now } = world;
  if (stated === undefined) {
    const connected = isConnected(device.presence, heartbeats, now);
    return { device, connected, appState: device.presence.appState, app, now };
  }
  const connected = stated.state !== 'disconnected';
  const appState = stated.state === 'foreground' ? 'foreground' : 'background';
  return { device, connected, appState, app, now };
}

/** Whether the connection or some vendor's channel leads to the device, whatever was decided. */
function isReachable(live: DeviceCase, decision: ChosenToken | SkipReason): boolean {
  if (!isLoggedIn(live.device)) {
    return false;
  }
  return (
    live.connected ||
    typeof decision === 'object' ||
    typeof currentChannel(live.device, live.app) === 'object'
  );
}

function pushesInBackground({ platform }: Device, { settings }: App): boolean {
  return settings.pushInBackground[platform] ?? platform === 'ios';
}

function firstReason<Case>(checks: readonly Check<Case>[], of: Case): SkipReason | undefined {
  return checks.find((check) => check.applies(of))?.reason;
}
