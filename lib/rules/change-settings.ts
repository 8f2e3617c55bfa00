import type {
  Account,
  AccountSettings,
  Device,
  DeviceFacts,
  DoNotDisturb,
  UserSettings,
} from '../model/account';
import type { AccountChange } from '../model/ports';
import { type EpochMs, SECOND_MS } from '../model/time';
import { entryOf } from './entry-of';
import { changeOf } from './token-binding';

/** Members to change: what is left out stays, null goes. */
type Patch<Of> = { readonly [Name in keyof Of]?: Of[Name] | null | undefined };

/** What a call says about do-not-disturb; `durationSeconds` is `until` told from now. */
export interface DoNotDisturbChange extends Patch<DoNotDisturb> {
  readonly durationSeconds?: number | null | undefined;
}

export interface UserSettingsChange extends Omit<Patch<UserSettings>, 'doNotDisturb'> {
  readonly doNotDisturb?: DoNotDisturbChange | null | undefined;
}

/** What a user sets for the account; `blocked` is an admin's. */
export interface AccountSettingsChange
  extends UserSettingsChange,
    Omit<Patch<AccountSettings>, keyof UserSettings> {
  readonly blocked?: boolean | undefined;
}

/** What a user sets on one device: its switch, some of its facts, and what differs from the account. */
export interface DeviceSettingsChange
  extends UserSettingsChange,
    Patch<Pick<DeviceFacts, 'locale' | 'timeZone' | 'textSet'>> {
  readonly pushEnabled?: boolean | undefined;
}

/** The account with what was set; one without devices if it was not known. */
export function changeAccount(
  account: Account | undefined,
  owner: { readonly appKey: string; readonly accountId: string },
  { blocked, ...change }: AccountSettingsChange,
  now: EpochMs,
): Account {
  const before: Account = account ?? { ...owner, devices: {} };
  const { settings: old, blocked: wasBlocked = false, ...rest } = before;
  const settings = patched<AccountSettings>(old, settled(old, change, now));
  return {
    ...rest,
    ...(settings && { settings }),
    ...((blocked ?? wasBlocked) && { blocked: true }),
  };
}

/** Changes what a user sets per device; allowed whatever its session is. */
export function changeDevice(
  account: Account | undefined,
  deviceId: string,
  { pushEnabled, locale, timeZone, textSet, ...change }: DeviceSettingsChange,
  now: EpochMs,
): AccountChange | 'unknown-device' {
  const device = entryOf(account?.devices ?? {}, deviceId);
  if (account === undefined || device === undefined) return 'unknown-device';
  const { settings: old, ...rest } = device;
  const settings = patched<UserSettings>(old, settled(old, change, now));
  const changed: Device = {
    ...rest,
    facts: patched<DeviceFacts>(device.facts, { locale, timeZone, textSet }) ?? {},
    pushEnabled: pushEnabled ?? device.pushEnabled,
    ...(settings && { settings }),
  };
  return changeOf(account, { ...account, devices: { ...account.devices, [deviceId]: changed } });
}

/** The change as it is to be stored: times instead of durations, what is empty as null. */
function settled<Change extends UserSettingsChange>(
  old: UserSettings | undefined,
  change: Change,
  now: EpochMs,
): Omit<Change, 'doNotDisturb'> & { readonly doNotDisturb?: DoNotDisturb | null } {
  const { doNotDisturb, ...rest } = change;
  if (doNotDisturb === undefined) return rest;
  if (doNotDisturb === null) return { ...rest, doNotDisturb };
  const { durationSeconds, ...said } = doNotDisturb;
  const duration = typeof durationSeconds === 'number' && {
    until: now + durationSeconds * SECOND_MS,
  };
  const noDuration = durationSeconds === null && { until: null };
  const patch = patched<DoNotDisturb>(old?.doNotDisturb, {
    ...said,
    ...duration,
    ...noDuration,
  });
  return { ...rest, doNotDisturb: patch ?? null };
}

/** Undefined when nothing is left. */
function patched<Of extends object>(old: Of | undefined, patch: Patch<Of>): Of | undefined {
  const said = Object.entries(patch).filter(([, value]) => value !== undefined);
  const members = Object.entries({ ...old, ...Object.fromEntries(said) });
  const left = members.filter(([, value]) => value !== null);
  // its members are those of both, which are of that type
  return left.length === 0 ? undefined : (Object.fromEntries(left) as Of);
}
