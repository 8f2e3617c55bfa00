import type { Account, Device, RegisteredToken } from '../model/account';
import type { AccountChange } from '../model/ports';
import type { EpochMs } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import { changeOf, isSameToken } from './token-binding';

/** Notes that a phone shows no notifications of the app; undefined when that is known, or no device has the token. */
export function muteToken(
  account: Account | undefined,
  vendor: VendorId,
  token: string,
  mutedAt: EpochMs,
): AccountChange | undefined {
  for (const device of Object.values(account?.devices ?? {})) {
    for (const [certificate, own] of Object.entries(device.tokens)) {
      if (account === undefined || !isSameToken(own, { vendor, token })) continue;
      if (isMuted(own, device)) return undefined;
      const tokens = { ...device.tokens, [certificate]: { ...own, mutedAt } };
      const devices = { ...account.devices, [device.deviceId]: { ...device, tokens } };
      return changeOf(account, { ...account, devices });
    }
  }
  return undefined;
}

/** Whether a push to this token would be seen by nobody: until the phone is heard of again, its user may have changed it. */
export function isMuted(token: RegisteredToken, { presence, session }: Device): boolean {
  if (token.mutedAt === undefined) return false;
  return Math.max(presence.at, session.at, token.registeredAt) <= token.mutedAt;
}
