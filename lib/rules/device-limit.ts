import type { Device } from '../model/account';
import type { AppSettings } from '../model/app-settings';
import { DAY_MS, type EpochMs } from '../model/time';
import { type Devices, isLoggedIn } from './session';

/** Keeps an account's item small, since every presence write is billed for all of it. */
export const MAX_DEVICES = 10;

/** The last sign of life of a device: a login or logout, a presence report, or a token. */
function lastSeenAt(device: Device): EpochMs {
  const registered = Object.values(device.tokens).map((token) => token.registeredAt);
  return Math.max(device.session.at, device.presence.at, ...registered);
}

/** Whether the device was unseen for the app's `deviceInactiveDays`. */
export function isStale(device: Device, settings: AppSettings, now: EpochMs): boolean {
  return now - lastSeenAt(device) >= settings.deviceInactiveDays * DAY_MS;
}

/**
 * The account's devices with room for one more: stale devices leave, then those whose session ended
 * longest ago. Undefined when ten others are logged in. The device that comes is never removed.
 */
export function makeRoom(
  devices: Devices,
  deviceId: string,
  settings: AppSettings,
  now: EpochMs,
): Devices | undefined {
  const kept = Object.values(devices).filter(
    (device) => device.deviceId === deviceId || !isStale(device, settings, now),
  );
  const others = kept.filter((device) => device.deviceId !== deviceId);
  const excess = others.length + 1 - MAX_DEVICES;
  const leaving = others
    .filter((device) => !isLoggedIn(device))
    .sort((a, b) => a.session.at - b.session.at)
    .slice(0, Math.max(0, excess));
  if (leaving.length < excess) {
    return undefined;
  }
  return Object.fromEntries(
    kept.filter((device) => !leaving.includes(device)).map((device) => [device.deviceId, device]),
  );
}
