import type { Account, Device, Mute } from '../model/account';
import { Refusal } from '../model/errors';
import type { AccountStore } from '../model/ports';
import type { Clock } from '../model/time';
import {
  type AccountSettingsChange,
  changeAccount,
  changeDevice,
  type DeviceSettingsChange,
} from '../rules/change-settings';
import { entryOf } from '../rules/entry-of';
import { MAX_MUTES_APART, MAX_MUTES_WITHIN, withMute, withoutMute } from '../rules/mute';
import { type DeviceAddress, orRefuse } from './register-device';

export interface SettingsPorts {
  readonly accounts: AccountStore;
  readonly clock: Clock;
}

/** Whose settings a call changes. An account that is not known is made by servers only: a 404 to others. */
export interface AccountAddress {
  readonly appKey: string;
  readonly accountId: string;
  readonly mayBeNew: boolean;
}

/** Changes what is set for an account; answers it as it is then. */
export async function setAccountSettings(
  { mayBeNew, ...owner }: AccountAddress,
  change: AccountSettingsChange,
  { accounts, clock }: SettingsPorts,
): Promise<Account | undefined> {
  return accounts.update(owner.appKey, owner.accountId, (stored) => {
    if (stored === undefined && !mayBeNew) throw unknown();
    return { account: changeAccount(stored, owner, change, clock.now()) };
  });
}

/** Changes what is set for one device; answers it as it is then. */
export async function setDeviceSettings(
  { appKey, accountId, deviceId }: DeviceAddress,
  change: DeviceSettingsChange,
  { accounts, clock }: SettingsPorts,
): Promise<Device | undefined> {
  const account = await accounts.update(appKey, accountId, (stored) =>
    orRefuse(changeDevice(stored, deviceId, change, clock.now())),
  );
  return account && entryOf(account.devices, deviceId);
}

/** Mutes a conversation for an account. */
export async function muteConversation(
  { mayBeNew, ...owner }: AccountAddress,
  conversationId: string,
  mute: Mute,
  { accounts }: SettingsPorts,
): Promise<void> {
  await accounts.updateMutes(owner.appKey, owner.accountId, (stored, apart) => {
    if (stored === undefined && !mayBeNew) throw unknown();
    const muted = withMute(
      { account: stored ?? { ...owner, devices: {} }, apart },
      conversationId,
      mute,
    );
    if (muted === 'too-many') {
      const most = MAX_MUTES_WITHIN + MAX_MUTES_APART;
      throw new Refusal(409, `the account has muted ${most} conversations already`);
    }
    return muted;
  });
}

/** Ends the mute of a conversation; well also when there is none. */
export async function unmuteConversation(
  { appKey, accountId }: Omit<AccountAddress, 'mayBeNew'>,
  conversationId: string,
  { accounts }: SettingsPorts,
): Promise<void> {
  await accounts.updateMutes(appKey, accountId, (account, apart) => {
    const before = account && { account, apart };
    const after = before && withoutMute(before, conversationId);
    return after === before ? undefined : after;
  });
}

function unknown(): Refusal {
  return new Refusal(404, 'there is no such account');
}
