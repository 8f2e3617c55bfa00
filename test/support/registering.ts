import type { Account, Device } from '../../lib/model/account';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { AccountChange } from '../../lib/model/ports';
import { MINUTE_MS } from '../../lib/model/time';
import { type Registered, type Registration, registerDevice } from '../../lib/rules/registration';
import { NOW, OWNER } from './builders';

export const LONG_AGO = NOW - 60 * MINUTE_MS;
export const XIAOMI = { vendor: 'xiaomi', token: 'token-1' } as const;
export const LOGGED_OUT = { session: { state: 'logged-out', at: LONG_AGO } } as const;

/** Bob's phone logs in and says nothing else. */
export function aRegistration(changes: Partial<Registration> = {}): Registration {
  return {
    deviceId: 'phone-1',
    platform: 'android',
    facts: {},
    tokens: {},
    deviceKeyHash: 'new-hash',
    ...changes,
  };
}

/** Registers, and fails the test on a refusal. */
export function register(
  account: Account | undefined,
  changes: Partial<Registration> = {},
  settings: Partial<AppSettings> = {},
): Registered {
  const result = registerDevice(
    account,
    OWNER,
    aRegistration(changes),
    { ...DEFAULT_APP_SETTINGS, ...settings },
    NOW,
  );
  if ('refused' in result) {
    throw new Error(result.refused);
  }
  return result;
}

/** A device of a change; fails the test on a refusal. */
export function deviceIn(change: AccountChange | string | undefined, deviceId = 'phone-1'): Device {
  const device = typeof change === 'object' ? change.account.devices[deviceId] : undefined;
  if (device === undefined) {
    throw new Error(`no ${deviceId} in ${JSON.stringify(change)}`);
  }
  return device;
}
