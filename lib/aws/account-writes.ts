import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Account } from '../model/account';
import type { AccountChange } from '../model/ports';
import type { EpochMs } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import type { AccountLife } from './account-life';
import type { TokenOwner, VersionedAccount } from './account-reads';
import { sha256 } from './fingerprint';
import { packJson } from './stored-json';

/** Key of an account's item. */
export function accountKey(appKey: string, accountId: string): string {
  return `account/${appKey}/${accountId}`;
}

/** Key of the item that says who owns a token; holds its hash, so tokens stand in no key. */
export function tokenKey(appKey: string, vendor: VendorId, token: string): string {
  return `token/${appKey}/${vendor}/${sha256(token)}`;
}

/** One write of a transaction. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What one change writes: the account, those who lose a token to it, and who owned the tokens before. */
export interface AccountWrites {
  readonly change: AccountChange;
  readonly version: number;
  readonly life: AccountLife;
  readonly owners: ReadonlyMap<string, TokenOwner>;
  readonly losers: readonly VersionedAccount[];
  readonly now: EpochMs;
}

/** Writes a change at once or not at all; fails as a lost race when anything it read has changed since. */
export async function writeAccounts(
  client: DynamoDBDocumentClient,
  table: string,
  { change, version, life, owners, losers, now }: AccountWrites,
): Promise<void> {
  const own = accountPut(table, { ...change, version, life }, now);
  const moves = tokenWrites(table, change, owners, life);
  if (moves.length === 0 && losers.length === 0) {
    await client.send(new PutCommand(own));
    return;
  }
  const losses = losers.flatMap(({ account, ...loser }) =>
    account === undefined ? [] : [{ Put: accountPut(table, { ...loser, account }, now) }],
  );
  await client.send(
    new TransactWriteCommand({ TransactItems: [{ Put: own }, ...losses, ...moves] }),
  );
}

/**
 * Writes an account if it is still at the version that was read. A new one begins at the time it is made: higher than
 * any it had before it was erased, which somebody may still have in hand.
 */
export function accountPut(
  table: string,
  { account, version, life }: VersionedAccount & { readonly account: Account },
  now: EpochMs,
) {
  return {
    TableName: table,
    Item: {
      pk: accountKey(account.appKey, account.accountId),
      data: packJson(account),
      version: version === 0 ? now : version + 1,
      ...life,
    },
    ...isAt(version),
  };
}

/** Condition that an account is still at the version that was read. */
export function isAt(version: number) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: { ':version': version },
  };
}

/** Writes of the items that say who owns the tokens of a change; each fails if that has changed since it was read. */
export function tokenWrites(
  table: string,
  { account, claims = [], releases = [] }: AccountChange,
  owners: ReadonlyMap<string, TokenOwner>,
  { tokensUntil }: AccountLife,
): TransactItem[] {
  const claimed = new Set<string>();
  const puts = claims.flatMap(({ vendor, token, deviceId }): TransactItem[] => {
    const pk = tokenKey(account.appKey, vendor, token);
    claimed.add(pk);
    const owner = owners.get(pk);
    if (owner?.accountId === account.accountId && owner.deviceId === deviceId) return [];
    const item = { pk, accountId: account.accountId, deviceId, expiresAt: tokensUntil };
    return [{ Put: { TableName: table, Item: item, ...unchanged(owner) } }];
  });
  const deletes = releases.flatMap(({ vendor, token }): TransactItem[] => {
    const pk = tokenKey(account.appKey, vendor, token);
    const owner = owners.get(pk);
    if (claimed.has(pk) || owner?.accountId !== account.accountId) return [];
    claimed.add(pk);
    return [{ Delete: { TableName: table, Key: { pk }, ...unchanged(owner) } }];
  });
  return [...puts, ...deletes];
}

function unchanged(owner: TokenOwner | undefined) {
  if (owner === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'accountId = :account AND deviceId = :device',
    ExpressionAttributeValues: { ':account': owner.accountId, ':device': owner.deviceId },
  };
}
