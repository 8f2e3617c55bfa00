import type { Device, Presence } from '../model/account';
import type { AppSettings } from '../model/app-settings';
import type { EpochMs } from '../model/time';
import { classOf } from './platform';

export type Devices = Readonly<Record<string, Device>>;

export function isLoggedIn(device: Device): boolean {
  return device.session.state === 'logged-in';
}

/** The device without its connection; its app state stays, so foreground then means network lost. */
export function disconnected(presence: Presence, at: EpochMs): Presence {
  return { connected: false, appState: presence.appState, at, witness: { kind: 'none' } };
}

/** The device with its session ended: not connected, and its device key void. Tokens stay for the next login. */
export function endSession(device: Device, state: 'logged-out' | 'kicked', at: EpochMs): Device {
  const { deviceKeyHash: _void, ...rest } = device;
  const presence = at > device.presence.at ? disconnected(device.presence, at) : device.presence;
  return { ...rest, session: { state, at }, presence };
}

/** The logged-in devices that the app's policy does not allow beside this one. */
export function rivalsOf(
  devices: Devices,
  device: Device,
  policy: AppSettings['multiDevice'],
): readonly Device[] {
  if (policy === 'all') {
    return [];
  }
  const type = classOf(device.platform);
  return Object.values(devices).filter(
    (other) =>
      other.deviceId !== device.deviceId &&
      isLoggedIn(other) &&
      (policy === 'one' || classOf(other.platform) === type),
  );
}

/** Ends the sessions the app's policy does not allow beside `winner`'s. */
export function kickRivals(
  devices: Devices,
  winner: Device,
  policy: AppSettings['multiDevice'],
): Devices {
  const kicked = rivalsOf(devices, winner, policy).map((rival) => {
    const at = Math.max(winner.session.at, rival.session.at);
    return [rival.deviceId, endSession(rival, 'kicked', at)] as const;
  });
  return kicked.length === 0 ? devices : { ...devices, ...Object.fromEntries(kicked) };
}
