import type { Account, AppState, Device, Mute, NodeHeartbeat } from '../model/account';
import type { App } from '../model/app-settings';
import type { ChosenToken } from '../model/decision';
import type { ExplicitPresence, Insistence } from '../model/message-event';
import type { PushSubject } from '../model/push-job';
import type { SkipReason } from '../model/reason';
import type { EpochMs } from '../model/time';
import { currentChannel } from './channel';
import { isStale } from './device-limit';
import { isDoNotDisturb } from './do-not-disturb';
import { entryOf } from './entry-of';
import { mutedBy } from './mute';
import { classOf } from './platform';
import { isConnected } from './presence';
import { isLoggedIn } from './session';
import { timeZoneOf, userSettingsOf } from './user-settings';

/** One reason not to push, and when it holds. */
export interface Check<Case> {
  readonly reason: SkipReason;
  applies(of: Case): boolean;
}

/** What the app knows of the world besides accounts. `heartbeats` by node, `mutes` by `muteKey`. */
export interface World {
  readonly app: App;
  readonly heartbeats: ReadonlyMap<string, NodeHeartbeat>;
  /** Of the accounts that have more than fit them. */
  readonly mutes?: ReadonlyMap<string, Mute>;
  readonly now: EpochMs;
}

/** What a push is about, and why mutes may not stop it. */
export interface PushMatter {
  readonly subject?: PushSubject | undefined;
  readonly insists?: Insistence | undefined;
}

/** One device as it stands now. */
export interface DeviceCase extends PushMatter {
  readonly device: Device;
  readonly account: Account;
  readonly connected: boolean;
  readonly appState: AppState;
  readonly world: World;
}

/** Skipped only because the connection should have brought the message. */
export const CONNECTED_REASONS = ['foreground', 'connected-in-background'] as const;

/** What concerns one device, in order: the first reason that applies is the one recorded. Asked again when a job has waited. */
export const DEVICE_CHECKS: readonly Check<DeviceCase>[] = [
  { reason: 'no-push-platform', applies: ({ device }) => classOf(device.platform) !== 'mobile' },
  // never-logged-in: we do not know the device, so there is nothing to ask
  { reason: 'logged-out', applies: ({ device }) => device.session.state === 'logged-out' },
  { reason: 'kicked', applies: ({ device }) => device.session.state === 'kicked' },
  {
    reason: 'stale',
    applies: ({ device, world }) => isStale(device, world.app.settings, world.now),
  },
  {
    reason: 'foreground',
    applies: ({ connected, appState }) => connected && appState === 'foreground',
  },
  {
    reason: 'connected-in-background',
    applies: ({ device, connected, world }) => connected && !pushesInBackground(device, world.app),
  },
  { reason: 'read', applies: ({ account, subject }) => wasRead(account, subject) },
  {
    reason: 'push-disabled',
    applies: ({ account, device }) =>
      !device.pushEnabled || account.settings?.pushEnabled === false,
  },
  { reason: 'desktop-online', applies: (live) => prefersDesktop(live.account, live.world) },
  {
    reason: 'muted',
    applies: (live) =>
      live.insists !== 'force' &&
      mutedBy(muteOf(live), {
        mentioned: live.insists === 'mention',
        fromManager: live.subject?.fromManager === true,
      }),
  },
  {
    reason: 'do-not-disturb',
    applies: ({ account, device, insists, world }) =>
      insists !== 'force' &&
      isDoNotDisturb(
        userSettingsOf(account, device).doNotDisturb,
        timeZoneOf(device, world.app.settings),
        world.now,
      ),
  },
  // no-token and no-certificate: what is left has to have a channel
];

/** The first reason not to push to a device, whatever its tokens; checks named in `but` are left out. */
export function firstReason(
  live: DeviceCase,
  but: readonly SkipReason[] = [],
): SkipReason | undefined {
  return DEVICE_CHECKS.find((check) => !but.includes(check.reason) && check.applies(live))?.reason;
}

/** The token to push to, or the first reason not to; checks named in `but` are left out. */
export function decideDevice(
  live: DeviceCase,
  but: readonly SkipReason[] = [],
): ChosenToken | SkipReason {
  return firstReason(live, but) ?? currentChannel(live.device, live.world.app);
}

/** The account with what an event states of its devices, which wins over what is stored; of a device stated twice, the first. */
export function asStated(account: Account, stated: readonly ExplicitPresence[]): Account {
  if (stated.length === 0) return account;
  const devices = Object.entries(account.devices).map(([deviceId, device]) => {
    const own = stated.find((one) => one.deviceId === deviceId);
    return [deviceId, own === undefined ? device : withPresence(device, own)] as const;
  });
  return { ...account, devices: Object.fromEntries(devices) };
}

/** Somebody knows, so nobody has to vouch for it; when it was so says nothing about when the device was last heard of. */
function withPresence(device: Device, { state }: ExplicitPresence): Device {
  const connected = state !== 'disconnected';
  const appState = state === 'foreground' ? 'foreground' : 'background';
  return {
    ...device,
    presence: { ...device.presence, connected, appState, witness: { kind: 'none' } },
  };
}

/** What an event states of an account's desktops; nothing unless its user wants no pushes while one is connected. */
export function statedDesktops(
  account: Account,
  stated: readonly ExplicitPresence[],
  app: App,
): ExplicitPresence[] {
  const desktops = new Set(decidingDesktops(account, app).map(({ deviceId }) => deviceId));
  return stated.filter(({ deviceId }) => desktops.has(deviceId));
}

/** A device of an account as it stands now. */
export function deviceCase(
  account: Account,
  device: Device,
  { subject, insists }: PushMatter,
  world: World,
): DeviceCase {
  const { presence } = device;
  const connected = isConnected(presence, world.heartbeats, world.now);
  return { account, device, subject, insists, world, connected, appState: presence.appState };
}

/** Under which key a mute that lies apart from its account is found. */
export function muteKey(accountId: string, conversationId: string): string {
  return `${accountId}\n${conversationId}`;
}

function muteOf({ account, subject, world }: DeviceCase): Mute | undefined {
  if (subject === undefined) return undefined;
  const { conversationId } = subject;
  return (
    entryOf(account.mutes ?? {}, conversationId) ??
    world.mutes?.get(muteKey(account.accountId, conversationId))
  );
}

function wasRead({ reads }: Account, subject: PushSubject | undefined): boolean {
  if (reads === undefined || subject === undefined) return false;
  const upTo = entryOf(reads, subject.conversationId);
  return upTo !== undefined && subject.sentAt <= upTo;
}

function prefersDesktop(account: Account, { app, heartbeats, now }: World): boolean {
  return decidingDesktops(account, app).some(
    (device) => isLoggedIn(device) && isConnected(device.presence, heartbeats, now),
  );
}

/** The desktops of a user who wants no pushes while one of them is connected. */
function decidingDesktops({ devices, settings }: Account, app: App): Device[] {
  if (settings?.pushWhenDesktopOnline !== false) return [];
  const { desktopPlatforms } = app.settings;
  return Object.values(devices).filter(({ platform }) => desktopPlatforms.includes(platform));
}

function pushesInBackground({ platform }: Device, { settings }: App): boolean {
  return settings.pushInBackground[platform] ?? platform === 'ios';
}
