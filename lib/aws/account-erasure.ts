import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Account } from '../model/account';
import type { AccountStore } from '../model/ports';
import type { Clock } from '../model/time';
import { changeOf, withoutTokens } from '../rules/token-binding';
import { readAccount, readOwners } from './account-reads';
import { accountKey, isAt, tokenKey, tokenWrites, writeAccounts } from './account-writes';
import { untilWon } from './lost-races';
import { mutesKey } from './mute-store';

/** A transaction has at most 100 writes, and the account and its mutes are two. */
const MAX_TOKENS = 98;

/** Removes accounts from DynamoDB. */
export function createErasure(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): Pick<AccountStore, 'erase'> {
  /** True once there is nothing left. */
  async function eraseSome(appKey: string, accountId: string): Promise<boolean> {
    const { account, version, life } = await readAccount(client, table, appKey, accountId);
    const mutes = { TableName: table, Key: { pk: mutesKey(appKey, accountId) } };
    if (account === undefined) {
      await client.send(new DeleteCommand(mutes));
      return true;
    }
    const { account: without, releases = [] } = changeOf(account, withoutSome(account));
    const keys = releases.map(({ vendor, token }) => tokenKey(appKey, vendor, token));
    const owners = await readOwners(client, table, keys);
    const change = { account: without, releases };
    if (hasTokens(without)) {
      const now = clock.now();
      await writeAccounts(client, table, { change, version, life, owners, losers: [], now });
      return false;
    }
    const own = { TableName: table, Key: { pk: accountKey(appKey, accountId) }, ...isAt(version) };
    const tokens = tokenWrites(table, change, owners, life);
    await client.send(
      new TransactWriteCommand({ TransactItems: [{ Delete: own }, ...tokens, { Delete: mutes }] }),
    );
    return true;
  }

  return {
    async erase(appKey, accountId) {
      let isDone = false;
      while (!isDone) {
        isDone = await untilWon(`account ${accountId}`, () => eraseSome(appKey, accountId));
      }
    },
  };
}

/** The account without as many tokens as fit a transaction. */
function withoutSome(account: Account): Account {
  let room = MAX_TOKENS;
  const devices = Object.entries(account.devices).map(
    ([deviceId, device]) => [deviceId, withoutTokens(device, () => room-- > 0)] as const,
  );
  return { ...account, devices: Object.fromEntries(devices) };
}

function hasTokens({ devices }: Account): boolean {
  return Object.values(devices).some(({ tokens }) => Object.keys(tokens).length > 0);
}
