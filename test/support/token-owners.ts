import type { Account } from '../../lib/model/account';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { AccountStore } from '../../lib/model/ports';
import { registerDevice } from '../../lib/rules/registration';
import { NOW, OWNER } from './builders';
import { aRegistration } from './registering';

/** Gives out tokens of Xiaomi's and tells who has them; devices are named `account/device`. */
export function tokenOwners(store: AccountStore) {
  const { appKey } = OWNER;

  /** By device. */
  async function tokensOf(accountId: string): Promise<Record<string, string[]>> {
    const devices = Object.values((await store.get(appKey, accountId))?.devices ?? {});
    return Object.fromEntries(
      devices.map(({ deviceId, tokens }) => [
        deviceId,
        Object.values(tokens).map(({ token }) => token),
      ]),
    );
  }

  return {
    tokensOf,

    /** A device logs in with a token. */
    register(
      accountId: string,
      token: string,
      { deviceId = 'phone-1', now = NOW }: { deviceId?: string; now?: number } = {},
    ): Promise<Account | undefined> {
      const owner = { appKey, accountId };
      const registration = aRegistration({
        deviceId,
        tokens: { xiaomi: { vendor: 'xiaomi', token } },
      });
      return store.update(appKey, accountId, (account) => {
        const result = registerDevice(account, owner, registration, DEFAULT_APP_SETTINGS, now);
        return 'refused' in result ? undefined : result.change;
      });
    },

    /** Every device that has the token, by what the accounts themselves say. */
    async holdersOf(token: string, accountIds: readonly string[]): Promise<string[]> {
      const all = await Promise.all(
        accountIds.map(async (accountId) =>
          Object.entries(await tokensOf(accountId)).flatMap(([deviceId, tokens]) =>
            tokens.includes(token) ? [`${accountId}/${deviceId}`] : [],
          ),
        ),
      );
      return all.flat();
    },

    /** The device the token belongs to, by the token's own item. */
    async ownerOf(token: string): Promise<string | undefined> {
      const owner = await store.ownerOf(appKey, 'xiaomi', token);
      return owner && `${owner.accountId}/${owner.deviceId}`;
    },
  };
}
