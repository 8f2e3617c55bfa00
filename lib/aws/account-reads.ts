import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Account } from '../model/account';
import { chunk } from '../model/chunk';
import type { AccountLife } from './account-life';
import { accountKey } from './account-writes';
import { batchGet } from './batch-get';
import { numberIn, unpackJson } from './stored-json';

const BATCH_GET_ITEMS = 100;
const PARALLEL_BATCH_GETS = 10;

/** An account as stored, with the version its next write must find; 0 where there is none. */
export interface VersionedAccount {
  readonly account: Account | undefined;
  readonly version: number;
  readonly life: AccountLife;
}

/** Who owns a token, as stored. */
export interface TokenOwner {
  readonly accountId: string;
  readonly deviceId: string;
}

/** Reads one account, strongly consistent. */
export async function readAccount(
  client: DynamoDBDocumentClient,
  table: string,
  appKey: string,
  accountId: string,
): Promise<VersionedAccount> {
  const { Item } = await client.send(
    new GetCommand({
      TableName: table,
      Key: { pk: accountKey(appKey, accountId) },
      ConsistentRead: true,
    }),
  );
  if (Item === undefined) return { account: undefined, version: 0, life: {} };
  return {
    account: unpackJson<Account>(Item['data']),
    version: numberIn(Item, 'version'),
    life: lifeIn(Item),
  };
}

/** Who owns these tokens, by the keys of their items; strongly consistent. */
export async function readOwners(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, TokenOwner>> {
  const items = await readMany(client, table, keys, { ConsistentRead: true });
  const owners = items.map(
    (item) =>
      [
        String(item['pk']),
        { accountId: String(item['accountId']), deviceId: String(item['deviceId']) },
      ] as const,
  );
  return new Map(owners);
}

/** Reads items by their keys, each once, eventually consistent unless asked otherwise; leaves out what is not there. */
export async function readMany(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly string[],
  { ConsistentRead = false } = {},
): ReturnType<typeof batchGet> {
  const pages = await pMap(
    chunk([...new Set(keys)], BATCH_GET_ITEMS),
    (page) => batchGet(client, table, page.map(keyOf), { ConsistentRead }),
    { concurrency: PARALLEL_BATCH_GETS },
  );
  return pages.flat();
}

function keyOf(pk: string): { readonly pk: string } {
  return { pk };
}

function lifeIn(item: Readonly<Record<string, unknown>>): AccountLife {
  const { expiresAt, tokensUntil } = item;
  return {
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    ...(typeof tokensUntil === 'number' ? { tokensUntil } : {}),
  };
}
