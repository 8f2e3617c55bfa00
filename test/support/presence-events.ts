import type { Account, Device } from '../../lib/model/account';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { MINUTE_MS } from '../../lib/model/time';
import { applyPresence, type PresenceEvent } from '../../lib/rules/presence';
import { anAccount, NOW, OWNER } from './builders';

export const EVENT_KINDS = [
  'login',
  'logout',
  'kick',
  'foreground',
  'background',
  'disconnect',
] as const;
export const LONG_AGO = NOW - 60 * MINUTE_MS;

/** Bob's phone reported in the foreground just now, by a node. */
export function anEvent(changes: Partial<PresenceEvent> = {}): PresenceEvent {
  const witness = { kind: 'node', node: 'node-1', epoch: 'epoch-1' } as const;
  return { deviceId: 'phone-1', event: 'foreground', at: NOW, witness, ...changes };
}

/** What is stored after the events, and what was answered. */
export function applyEvents(
  account: Account | undefined,
  events: readonly PresenceEvent[],
  settings: Partial<AppSettings> = {},
) {
  const { change, results } = applyPresence(
    account,
    OWNER,
    events,
    { ...DEFAULT_APP_SETTINGS, ...settings },
    NOW,
  );
  return { account: change?.account ?? account, change, results };
}

/** One device after the events. */
export function deviceAfter(
  device: Device,
  events: readonly PresenceEvent[],
  settings: Partial<AppSettings> = {},
): Device | undefined {
  return applyEvents(anAccount([device]), events, settings).account?.devices[device.deviceId];
}
