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

/** A device as it stands now. What an event states about it wins over what is stored. */
export function deviceCase(
  {
    account,
    device,
    stated,
  }: {
    readonly account: Account;
    readonly device: Device;
    readonly stated: ExplicitPresence | undefined;
  },
  matter: PushMatter,
  world: World,
): DeviceCase {
  const { subject, insists } = matter;
  const state =
    stated === undefined
      ? {
          connected: isConnected(device.presence, world.heartbeats, world.now),
          appState: device.presence.appState,
        }
      : {
          connected: stated.state !== 'disconnected',
          appState:
            stated.state === 'foreground' ? ('foreground' as const) : ('background' as const),
        };
  return { account, device, subject, insists, world, ...state };
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

function prefersDesktop({ devices, settings }: Account, { app, heartbeats, now }: World): boolean {
  return (
    settings?.pushWhenDesktopOnline === false &&
    Object.values(devices).some(
      (device) =>
        app.settings.desktopPlatforms.includes(device.platform) &&
        isLoggedIn(device) &&
        isConnected(device.presence, heartbeats, now),
    )
  );
}

function pushesInBackground({ platform }: Device, { settings }: App): boolean {
  return settings.pushInBackground[platform] ?? platform === 'ios';
}
