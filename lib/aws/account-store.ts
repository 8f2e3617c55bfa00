import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Account } from '../model/account';
import { chunk } from '../model/chunk';
import { ConflictError } from '../model/errors';
import type { AccountChange, AccountStore } from '../model/ports';
import type { Clock } from '../model/time';
import { releaseToken } from '../rules/registration';
import { type AccountLife, lifeAfter, prolongTokens } from './account-life';
import { accountKey, tokenKey, writeAccounts } from './account-writes';
import { batchGet } from './batch-get';
import { isLostRace } from './conditions';
import { createHeartbeatStore } from './heartbeat-store';
import { numberIn, unpackJson } from './stored-json';

const MAX_TRIES = 10;
/** Between tries, so that those who write one account at once do not meet again: doubled each time, up to a limit. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 250;
const BATCH_GET_ITEMS = 100;
const PARALLEL_BATCH_GETS = 10;

/** An account as stored, with the version its next write must find. */
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

/**
 * Accounts on DynamoDB: one item holds an account with all its devices, so that 100 recipients are one
 * `BatchGetItem`. A second item per token says who owns it.
 */
export function createAccountStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = { now: () => Date.now() },
): AccountStore {
  async function read(appKey: string, accountId: string): Promise<VersionedAccount> {
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

  async function readOwners(keys: readonly string[]): Promise<ReadonlyMap<string, TokenOwner>> {
    const items = await batchGet(
      client,
      table,
      keys.map((pk) => ({ pk })),
      { ConsistentRead: true },
    );
    const owners = items.map(
      (item) =>
        [
          String(item['pk']),
          { accountId: String(item['accountId']), deviceId: String(item['deviceId']) },
        ] as const,
    );
    return new Map(owners);
  }

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

    async get(appKey, accountId) {
      return (await read(appKey, accountId)).account;
    },

    async getMany(appKey, accountIds) {
      const batches = chunk([...new Set(accountIds)], BATCH_GET_ITEMS);
      const pages = await pMap(
        batches,
        (ids) =>
          batchGet(
            client,
            table,
            ids.map((id) => ({ pk: accountKey(appKey, id) })),
          ),
        { concurrency: PARALLEL_BATCH_GETS },
      );
      const accounts = pages.flat().map((item) => unpackJson<Account>(item['data']));
      return new Map(accounts.map((account) => [account.accountId, account]));
    },

    async update(appKey, accountId, decideChange) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { account, version, life: before } = await read(appKey, accountId);
        const change = decideChange(account);
        if (change === undefined) return account;
        const touched = [...(change.claims ?? []), ...(change.releases ?? [])];
        const owners = await readOwners([
          ...new Set(touched.map(({ vendor, token }) => tokenKey(appKey, vendor, token))),
        ]);
        const losers = await robbed(appKey, accountId, change, owners);
        const life = lifeAfter(change, before, clock.now());
        if (life.tokensUntil !== before.tokensUntil) {
          await prolongTokens(client, table, change, life.tokensUntil);
        }
        try {
          await writeAccounts(client, table, { change, version, life, owners, losers });
          return change.account;
        } catch (error) {
          if (!isLostRace(error)) throw error;
        }
        await pause(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS));
      }
      throw new ConflictError(`account ${accountId} kept changing`);
    },

    async ownerOf(appKey, vendor, token) {
      const key = tokenKey(appKey, vendor, token);
      return (await readOwners([key])).get(key);
    },
  };
}

function lifeIn(item: Readonly<Record<string, unknown>>): AccountLife {
  const { expiresAt, tokensUntil } = item;
  return {
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    ...(typeof tokensUntil === 'number' ? { tokensUntil } : {}),
  };
}
