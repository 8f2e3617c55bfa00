import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Mute } from '../model/account';
import type { AccountStore } from '../model/ports';
import type { Clock } from '../model/time';
import { muteKey } from '../rules/device-checks';
import { entryOf } from '../rules/entry-of';
import { readAccount, readMany, type VersionedAccount } from './account-reads';
import { accountPut } from './account-writes';
import { untilWon } from './lost-races';
import { packJson, unpackJson } from './stored-json';

type Mutes = Readonly<Record<string, Mute>>;

/** Key of the item with the mutes that do not fit the account's own. */
export function mutesKey(appKey: string, accountId: string): string {
  return `mutes/${appKey}/${accountId}`;
}

/**
 * Mutes on DynamoDB: those that do not fit an account lie in one item beside it. It changes together with the account
 * alone, so that the account's version stands for both, and whoever erases the account finds all of them.
 */
export function createMuteStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): Pick<AccountStore, 'getMutes' | 'updateMutes'> {
  async function readApart({ account }: VersionedAccount): Promise<Mutes> {
    if (!account?.hasMoreMutes) return {};
    const pk = mutesKey(account.appKey, account.accountId);
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
    );
    return Item === undefined ? {} : unpackJson<Mutes>(Item['data']);
  }

  return {
    async getMutes(appKey, pairs) {
      const keys = pairs.map(({ accountId }) => mutesKey(appKey, accountId));
      const items = await readMany(client, table, keys);
      const byKey = new Map(items.map(({ pk, data }) => [pk, unpackJson<Mutes>(data)]));
      const found = pairs.flatMap(({ accountId, conversationId }) => {
        const mutes = byKey.get(mutesKey(appKey, accountId)) ?? {};
        const mute = entryOf(mutes, conversationId);
        return mute === undefined ? [] : [[muteKey(accountId, conversationId), mute] as const];
      });
      return new Map(found);
    },

    async updateMutes(appKey, accountId, change) {
      await untilWon(`account ${accountId}`, async () => {
        const stored = await readAccount(client, table, appKey, accountId);
        const before = await readApart(stored);
        const after = change(stored.account, before);
        if (after === undefined) return;
        const own = accountPut(table, { ...stored, account: after.account }, clock.now());
        if (after.apart === before || isEmpty(before, after.apart)) {
          await client.send(new PutCommand(own));
          return;
        }
        const pk = mutesKey(appKey, accountId);
        const expiresAt = stored.life.tokensUntil;
        const apart = isEmpty(after.apart)
          ? { Delete: { TableName: table, Key: { pk } } }
          : { Put: { TableName: table, Item: { pk, data: packJson(after.apart), expiresAt } } };
        await client.send(new TransactWriteCommand({ TransactItems: [{ Put: own }, apart] }));
      });
    },
  };
}

function isEmpty(...mutes: readonly Mutes[]): boolean {
  return mutes.every((one) => Object.keys(one).length === 0);
}
