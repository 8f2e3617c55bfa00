import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../model/account';
import type { AccountChange, AccountStore } from '../model/ports';
import type { Clock } from '../model/time';
import { releaseToken } from '../rules/registration';
import { createErasure } from './account-erasure';
import { lifeAfter, prolongTokens } from './account-life';
import {
  readAccount,
  readMany,
  readOwners,
  type TokenOwner,
  type VersionedAccount,
} from './account-reads';
import { accountKey, tokenKey, writeAccounts } from './account-writes';
import { createHeartbeatStore } from './heartbeat-store';
import { untilWon } from './lost-races';
import { createMuteStore } from './mute-store';
import { unpackJson } from './stored-json';

/**
 * Accounts on DynamoDB: one item holds an account with all its devices, so that 100 recipients are one
 * `BatchGetItem`. A second item per token says who owns it.
 */
export function createAccountStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = { now: () => Date.now() },
): AccountStore {
  const read = (appKey: string, accountId: string) => readAccount(client, table, appKey, accountId);

  /** The accounts that lose a claimed token, already without it. */
  async function robbed(
    appKey: string,
    accountId: string,
    change: AccountChange,
    owners: ReadonlyMap<string, TokenOwner>,
  ): Promise<VersionedAccount[]> {
    const losers = new Map<string, VersionedAccount>();
    for (const claim of change.claims ?? []) {
      const owner = owners.get(tokenKey(appKey, claim.vendor, claim.token));
      if (owner === undefined || owner.accountId === accountId) continue;
      const loser = losers.get(owner.accountId) ?? (await read(appKey, owner.accountId));
      const without = releaseToken(loser.account, claim.vendor, claim.token);
      // one that does not have it any more is written as it is, or the token might come back to it meanwhile
      losers.set(owner.accountId, { ...loser, account: without?.account ?? loser.account });
    }
    return [...losers.values()];
  }

  return {
    ...createHeartbeatStore(client, table),
    ...createMuteStore(client, table, clock),
    ...createErasure(client, table, clock),

    async get(appKey, accountId) {
      return (await read(appKey, accountId)).account;
    },

    async getMany(appKey, accountIds) {
      const keys = accountIds.map((id) => accountKey(appKey, id));
      const items = await readMany(client, table, keys);
      const accounts = items.map((item) => unpackJson<Account>(item['data']));
      return new Map(accounts.map((account) => [account.accountId, account]));
    },

    async update(appKey, accountId, decideChange) {
      return untilWon(`account ${accountId}`, async () => {
        const { account, version, life: before } = await read(appKey, accountId);
        const change = decideChange(account);
        if (change === undefined) return account;
        const touched = [...(change.claims ?? []), ...(change.releases ?? [])];
        const keys = touched.map(({ vendor, token }) => tokenKey(appKey, vendor, token));
        const owners = await readOwners(client, table, keys);
        const losers = await robbed(appKey, accountId, change, owners);
        const now = clock.now();
        const life = lifeAfter(change, before, now);
        if (life.tokensUntil !== before.tokensUntil) {
          await prolongTokens(client, table, change, life.tokensUntil);
        }
        await writeAccounts(client, table, { change, version, life, owners, losers, now });
        return change.account;
      });
    },

    async ownerOf(appKey, vendor, token) {
      const key = tokenKey(appKey, vendor, token);
      return (await readOwners(client, table, [key])).get(key);
    },
  };
}
