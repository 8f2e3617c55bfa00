import type { Account, Device, NodeHeartbeat, Platform, Presence, Witness } from '../model/account';
import type { AppSettings } from '../model/app-settings';
import type { AccountChange } from '../model/ports';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../model/time';
import { badgeAfter } from './badge';
import { makeRoom } from './device-limit';
import { entryOf } from './entry-of';
import { disconnected, endSession, isLoggedIn, kickRivals, rivalsOf } from './session';
import { changeOf } from './token-binding';

/** Silence of a node after which the connections it vouched for count as gone. */
export const NODE_SILENCE_MS = 400 * SECOND_MS;

/** How far ahead of our clock a reported time may be. */
const CLOCK_SKEW_MS = MINUTE_MS;

/** One fact about one device, from the phone or from the IM server. */
export interface PresenceEvent {
  readonly deviceId: string;
  readonly event: 'login' | 'logout' | 'kick' | 'foreground' | 'background' | 'disconnect';
  readonly at: EpochMs;
  /**
   * It is so now, for whoever reports it said no time: newer than whatever is stored, even where another's clock
   * was ahead of ours.
   */
  readonly isNow?: true;
  readonly witness: Witness;
  /** Of a device that a login creates; android if absent. */
  readonly platform?: Platform;
  /** The number on the app's icon. */
  readonly badge?: number;
}

/**
 * What became of one event. `session-ended` is a presence report on an ended session: it is kept,
 * since a late login may still turn out to lie before it, but the session stays ended.
 * A login that finds ten logged-in devices creates none: `unknown-device`.
 */
export type PresenceResult = 'applied' | 'older' | 'unknown-device' | 'session-ended';

interface Step {
  readonly account: Account;
  readonly result: PresenceResult;
}

/** When a fact was so: server time if it does not say, or claims to be from the future. */
export function clampAt(at: EpochMs | undefined, now: EpochMs): EpochMs {
  return at === undefined || at > now + CLOCK_SKEW_MS ? now : at;
}

/** Whether the device is connected, as far as the claim's witness still vouches for it. `heartbeats` by node. */
export function isConnected(
  presence: Presence,
  heartbeats: ReadonlyMap<string, NodeHeartbeat>,
  now: EpochMs,
): boolean {
  if (!presence.connected) {
    return false;
  }
  const { witness } = presence;
  switch (witness.kind) {
    case 'none':
      return true;
    case 'phone':
      return now < witness.until;
    case 'node':
      return nodeVouches(presence.at, witness.epoch, heartbeats.get(witness.node), now);
  }
}

/** The claim counts as a beat itself, so a node need not have beaten yet. A new epoch ends the claims of the last. */
function nodeVouches(
  claimedAt: EpochMs,
  epoch: string | undefined,
  beat: NodeHeartbeat | undefined,
  now: EpochMs,
): boolean {
  if (beat === undefined) {
    return now - claimedAt < NODE_SILENCE_MS;
  }
  const sameProcess = epoch === undefined ? claimedAt >= beat.epochSince : epoch === beat.epoch;
  return sameProcess && now - Math.max(claimedAt, beat.at) < NODE_SILENCE_MS;
}

/**
 * Applies facts in the order given, each by its own time: of the session and of the presence of a
 * device the newest fact stands, so order and repetition do not matter. `change` is undefined when
 * nothing changed.
 */
export function applyPresence(
  account: Account | undefined,
  owner: { readonly appKey: string; readonly accountId: string },
  events: readonly PresenceEvent[],
  settings: AppSettings,
  now: EpochMs,
): { change: AccountChange | undefined; results: readonly PresenceResult[] } {
  const before: Account = account ?? {
    appKey: owner.appKey,
    accountId: owner.accountId,
    devices: {},
  };
  let after = before;
  const results: PresenceResult[] = [];
  for (const event of events) {
    const step = applyEvent(after, { ...event, at: clampAt(event.at, now) }, settings, now);
    after = step.account;
    results.push(step.result);
  }
  return { change: after === before ? undefined : changeOf(account, after), results };
}

function applyEvent(
  account: Account,
  event: PresenceEvent,
  settings: AppSettings,
  now: EpochMs,
): Step {
  const device = entryOf(account.devices, event.deviceId);
  if (event.event === 'login') {
    return device === undefined
      ? createByLogin(account, event, settings, now)
      : applyLogin(account, device, event, settings);
  }
  if (device === undefined) {
    return { account, result: 'unknown-device' };
  }
  const { session, presence } = device;
  switch (event.event) {
    case 'logout':
      return applyEnd(account, device, 'logged-out', newerThan(session.at, event));
    case 'kick':
      return applyEnd(account, device, 'kicked', newerThan(session.at, event));
    default:
      return applyReport(account, device, { ...event, at: newerThan(presence.at, event) });
  }
}

function newerThan(stored: EpochMs, { at, isNow }: PresenceEvent): EpochMs {
  return isNow ? Math.max(at, stored + 1) : at;
}

function createByLogin(
  account: Account,
  event: PresenceEvent,
  settings: AppSettings,
  now: EpochMs,
): Step {
  const created: Device = {
    deviceId: event.deviceId,
    platform: event.platform ?? 'android',
    facts: {},
    autoSelectPushType: false,
    session: { state: 'logged-in', at: event.at },
    presence: reported(event),
    pushEnabled: true,
    tokens: {},
  };
  const device = withReport(created, event, created.presence);
  const loggedIn = withLogin(account, device, settings);
  const devices = makeRoom(loggedIn.devices, device.deviceId, settings, now);
  return devices === undefined
    ? { account, result: 'unknown-device' }
    : { account: { ...loggedIn, devices }, result: 'applied' };
}

function applyLogin(
  account: Account,
  device: Device,
  event: PresenceEvent,
  settings: AppSettings,
): Step {
  const newSession = event.at > device.session.at;
  const newPresence = event.at > device.presence.at;
  if (!newSession && !newPresence) {
    return { account, result: 'older' };
  }
  const present = newPresence ? withReport(device, event, reported(event)) : device;
  return {
    account: newSession
      ? withLogin(account, { ...present, session: { state: 'logged-in', at: event.at } }, settings)
      : withDevice(account, present),
    result: 'applied',
  };
}

/** Stores a login and what the app's policy makes of it: of the sessions it does not allow together the newest stays. */
function withLogin(account: Account, device: Device, settings: AppSettings): Account {
  const newest = rivalsOf(account.devices, device, settings.multiDevice).reduce(
    (a, b) => (b.session.at > a.session.at ? b : a),
    device,
  );
  const devices = kickRivals(withDevice(account, device).devices, newest, settings.multiDevice);
  const isLatest = Object.values(devices).every(
    (other) => !isLoggedIn(other) || other.session.at <= device.session.at,
  );
  return { ...account, devices, ...(isLatest && { lastDeviceId: device.deviceId }) };
}

function applyEnd(
  account: Account,
  device: Device,
  state: 'logged-out' | 'kicked',
  at: EpochMs,
): Step {
  return at > device.session.at
    ? { account: withDevice(account, endSession(device, state, at)), result: 'applied' }
    : { account, result: 'older' };
}

function applyReport(account: Account, device: Device, event: PresenceEvent): Step {
  const isNewer = event.at > device.presence.at;
  const presence =
    event.event === 'disconnect' ? disconnected(device.presence, event.at) : reported(event);
  const seen = isNewer ? 'applied' : 'older';
  return {
    account: isNewer ? withDevice(account, withReport(device, event, presence)) : account,
    result: isLoggedIn(device) ? seen : 'session-ended',
  };
}

function withReport(device: Device, event: PresenceEvent, presence: Presence): Device {
  return { ...device, ...badgeAfter(device, event), presence };
}

function reported(event: PresenceEvent): Presence {
  return {
    connected: true,
    appState: event.event === 'background' ? 'background' : 'foreground',
    at: event.at,
    witness: event.witness,
  };
}

function withDevice(account: Account, device: Device): Account {
  return { ...account, devices: { ...account.devices, [device.deviceId]: device } };
}
