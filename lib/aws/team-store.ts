import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunk } from '../model/chunk';
import { ConflictError } from '../model/errors';
import type { Team, TeamStore } from '../model/team';
import { isLostRace } from './conditions';
import { queryAll } from './query-all';
import { packJson, unpackJson } from './stored-json';

/** A thousand of the longest ids stay below DynamoDB's 400 KB an item, ten such pages below 4 MB a transaction. */
const MEMBERS_PER_PAGE = 1_000;
const MAX_TRIES = 12;
/** Between tries, doubled each time, up to a limit. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 250;

/** Members as one item holds them; a manager is a place among them. */
interface Page {
  readonly members: readonly string[];
  readonly managers: readonly number[];
}

/** A page as stored: its version is that of the change that wrote it. */
interface StoredPage {
  readonly version: string;
  readonly page: Page;
}

/** Which versions of which pages make up the team. */
interface StoredTeam {
  readonly version: string;
  readonly pages: readonly StoredPage[];
}

/**
 * Teams on DynamoDB: pages of members, and a head that names the version of each. A change writes the head and the
 * pages it touches in one transaction, so whoever reads pages other than those named has read a change halfway, and
 * reads again. Versions are random: a team that is made anew must not look like the one before.
 */
export function createTeamStore(client: DynamoDBDocumentClient, table: string): TeamStore {
  async function read(pk: string): Promise<StoredTeam | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const items = await queryAll(client, table, pk, { ConsistentRead: true });
      const bySort = new Map(items.map((item) => [item['sk'], item]));
      const head = bySort.get(HEAD);
      if (head === undefined) return undefined;
      const versions = unpackJson<readonly string[]>(head['pages']);
      const pages = versions.flatMap((version, number): StoredPage[] => {
        const item = bySort.get(pageKey(number));
        if (item?.['version'] !== version) return [];
        return [{ version, page: unpackJson<Page>(item['data']) }];
      });
      if (pages.length === versions.length) return { version: String(head['version']), pages };
      await backOff(tries);
    }
    throw new ConflictError(`${pk} kept changing while it was read`);
  }

  /** Writes what differs, or nothing; fails as a lost race when the team has changed since it was read. */
  async function write(
    pk: string,
    before: StoredTeam | undefined,
    after: Team | undefined,
  ): Promise<void> {
    const old = before?.pages ?? [];
    const pages = pagesOf(after);
    const version = randomUUID();
    const versions = pages.map((page, number) => {
      const kept = old[number];
      return JSON.stringify(page) === JSON.stringify(kept?.page) ? kept?.version : version;
    });
    const isSame = versions.length === old.length && !versions.includes(version);
    if (isSame && (before === undefined) === (after === undefined)) return;

    const isUnchanged =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'version = :seen',
            ExpressionAttributeValues: { ':seen': before.version },
          };
    const put = (item: object) => ({ TableName: table, Item: { pk, version, ...item } });
    const remove = (sk: string) => ({ TableName: table, Key: { pk, sk } });
    const head =
      after === undefined
        ? { Delete: { ...remove(HEAD), ...isUnchanged } }
        : { Put: { ...put({ sk: HEAD, pages: packJson(versions) }), ...isUnchanged } };
    const puts = pages.flatMap((page, number) =>
      versions[number] === version
        ? [{ Put: put({ sk: pageKey(number), data: packJson(page) }) }]
        : [],
    );
    const deletes = old
      .map((_page, number) => ({ Delete: remove(pageKey(number)) }))
      .slice(pages.length);
    await client.send(new TransactWriteCommand({ TransactItems: [head, ...puts, ...deletes] }));
  }

  return {
    async get(appKey, teamId) {
      return teamIn(teamId, await read(teamKey(appKey, teamId)));
    },

    async update(appKey, teamId, change) {
      const pk = teamKey(appKey, teamId);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const before = await read(pk);
        const after = change(teamIn(teamId, before));
        try {
          await write(pk, before, after);
          return after;
        } catch (error) {
          if (!isLostRace(error)) throw error;
        }
        await backOff(tries);
      }
      throw new ConflictError(`team ${teamId} kept changing`);
    },
  };
}

const HEAD = 'head';

function pageKey(number: number): string {
  return `members/${String(number).padStart(4, '0')}`;
}

function teamKey(appKey: string, teamId: string): string {
  return `team/${appKey}/${teamId}`;
}

function pagesOf(team: Team | undefined): Page[] {
  const managers = new Set(team?.managers);
  return chunk(team?.members ?? [], MEMBERS_PER_PAGE).map((members) => ({
    members,
    managers: members.flatMap((id, place) => (managers.has(id) ? [place] : [])),
  }));
}

function teamIn(teamId: string, stored: StoredTeam | undefined): Team | undefined {
  if (stored === undefined) return undefined;
  const pages = stored.pages.map(({ page }) => page);
  return {
    teamId,
    members: pages.flatMap(({ members }) => members),
    managers: pages.flatMap(({ members, managers }) =>
      managers.flatMap((place) => members[place] ?? []),
    ),
  };
}

function backOff(tries: number): Promise<void> {
  return pause(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS));
}
