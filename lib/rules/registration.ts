import type {
  Account,
  Device,
  DeviceFacts,
  Platform,
  Presence,
  RegisteredToken,
} from '../model/account';
import type { AppSettings } from '../model/app-settings';
import type { AccountChange } from '../model/ports';
import type { EpochMs } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import { makeRoom } from './device-limit';
import { entryOf } from './entry-of';
import { isLoggedIn, kickRivals } from './session';
import { bindTokens, changeOf, isSameToken, withoutTokens } from './token-binding';

/** A vendor's address of one app on one device. */
export interface VendorToken {
  readonly vendor: VendorId;
  readonly token: string;
}

/** What a device says when it logs in; what it leaves out stays as it was. */
export interface Registration {
  readonly deviceId: string;
  readonly platform: Platform;
  readonly facts: DeviceFacts;
  readonly autoSelectPushType?: boolean;
  /** By certificate name. */
  readonly tokens: Readonly<Record<string, VendorToken>>;
  /** SHA-256 (base64url) of the device key this registration hands out. */
  readonly deviceKeyHash: string;
}

/** The change, and what the account was like before it. */
export interface Registered {
  readonly change: AccountChange;
  /** Any device of the account had a token. */
  readonly hadToken: boolean;
  readonly lastDeviceId?: string;
}

/** Nobody vouched for anything yet: older than every report. */
const NOTHING_REPORTED: EpochMs = 0;

/** Logs a device in with its tokens. Refused when ten other devices are logged in. */
export function registerDevice(
  account: Account | undefined,
  owner: { readonly appKey: string; readonly accountId: string },
  registration: Registration,
  settings: AppSettings,
  now: EpochMs,
): Registered | { readonly refused: 'too-many-devices' } {
  const { deviceId } = registration;
  const before = account?.devices ?? {};
  const device = loggedIn(entryOf(before, deviceId), registration, now);
  const alone = kickRivals({ ...before, [deviceId]: device }, device, settings.multiDevice);
  const bound = bindTokens(alone, device, registeredAt(now, registration.tokens));
  const devices = makeRoom(bound, deviceId, settings, now);
  if (devices === undefined) {
    return { refused: 'too-many-devices' };
  }
  const after: Account = {
    ...account,
    appKey: owner.appKey,
    accountId: owner.accountId,
    devices,
    lastDeviceId: deviceId,
  };
  return {
    change: changeOf(account, after),
    hadToken: Object.values(before).some((other) => Object.keys(other.tokens).length > 0),
    ...(account?.lastDeviceId !== undefined && { lastDeviceId: account.lastDeviceId }),
  };
}

/** Stores a new or renewed token of a logged-in device. */
export function setToken(
  account: Account | undefined,
  deviceId: string,
  certificate: string,
  token: VendorToken,
  now: EpochMs,
): AccountChange | 'unknown-device' | 'session-ended' {
  const device = entryOf(account?.devices ?? {}, deviceId);
  if (account === undefined || device === undefined) {
    return 'unknown-device';
  }
  if (!isLoggedIn(device)) {
    return 'session-ended';
  }
  const devices = bindTokens(account.devices, device, registeredAt(now, { [certificate]: token }));
  return changeOf(account, { ...account, devices });
}

/** Removes what a device has under a certificate; undefined when there is nothing. */
export function removeToken(
  account: Account | undefined,
  deviceId: string,
  certificate: string,
): AccountChange | undefined {
  return withoutSome(
    account,
    (_token, ownDeviceId, name) => ownDeviceId === deviceId && name === certificate,
  );
}

/** Removes a token its vendor calls invalid, unless it was registered again since the send began. */
export function forgetToken(
  account: Account | undefined,
  vendor: VendorId,
  token: string,
  sendBeganAt: EpochMs,
): AccountChange | undefined {
  return withoutSome(
    account,
    (own) => isSameToken(own, { vendor, token }) && own.registeredAt <= sendBeganAt,
  );
}

/** Removes a token that another account takes over. */
export function releaseToken(
  account: Account | undefined,
  vendor: VendorId,
  token: string,
): AccountChange | undefined {
  return withoutSome(account, (own) => isSameToken(own, { vendor, token }));
}

function loggedIn(known: Device | undefined, registration: Registration, now: EpochMs): Device {
  return {
    ...known,
    deviceId: registration.deviceId,
    platform: registration.platform,
    facts: { ...known?.facts, ...registration.facts },
    autoSelectPushType: registration.autoSelectPushType ?? known?.autoSelectPushType ?? false,
    session: { state: 'logged-in', at: Math.max(now, known?.session.at ?? now) },
    presence: presenceAtLogin(known),
    pushEnabled: known?.pushEnabled ?? true,
    tokens: known?.tokens ?? {},
    deviceKeyHash: registration.deviceKeyHash,
  };
}

/**
 * A registration says nothing about the connection: a running session keeps its presence, any other
 * starts unconnected. It must not look like a report of this moment either, or the connection's own
 * report, made just before the phone registered, would come too late.
 */
function presenceAtLogin(known: Device | undefined): Presence {
  return known !== undefined && isLoggedIn(known)
    ? known.presence
    : {
        connected: false,
        appState: 'background',
        at: known?.presence.at ?? NOTHING_REPORTED,
        witness: { kind: 'none' },
      };
}

function registeredAt(
  now: EpochMs,
  tokens: Readonly<Record<string, VendorToken>>,
): Readonly<Record<string, RegisteredToken>> {
  return Object.fromEntries(
    Object.entries(tokens).map(([certificate, { vendor, token }]) => [
      certificate,
      { vendor, token, registeredAt: now },
    ]),
  );
}

function withoutSome(
  account: Account | undefined,
  leaves: (token: RegisteredToken, deviceId: string, certificate: string) => boolean,
): AccountChange | undefined {
  if (account === undefined) {
    return undefined;
  }
  let devices = account.devices;
  for (const device of Object.values(account.devices)) {
    const { deviceId } = device;
    const after = withoutTokens(device, (token, certificate) =>
      leaves(token, deviceId, certificate),
    );
    devices = after === device ? devices : { ...devices, [deviceId]: after };
  }
  return devices === account.devices ? undefined : changeOf(account, { ...account, devices });
}
