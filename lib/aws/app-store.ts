import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type App,
  type AppSettings,
  type AppSettingsChange,
  type CertificateEntry,
  DEFAULT_APP_SETTINGS,
} from '../model/app-settings';
import { ConflictError, Refusal } from '../model/errors';
import type { AppStore } from '../model/ports';
import { entryOf } from '../rules/entry-of';
import { isLostRace } from './conditions';
import { keepFor } from './keep-for';
import { numberIn, packJson, unpackJson } from './stored-json';

/** Settings may be this old in a decision: as old as certificates, and cheap even for a container that gets few calls. */
const KEEP_MS = 10_000;
/** A certificate that is not there is looked for no sooner again: tokens of one that was removed never leave by themselves. */
const LACKING_MS = 60_000;
const MAX_TRIES = 8;
/** Every decision reads them, and DynamoDB takes 400 KB an item, of which certificates need some. */
const MAX_SETTINGS_BYTES = 100_000;

/** What is stored of an app: only settings that were set, so that new defaults reach old apps. */
export interface StoredApp {
  readonly settings: Partial<AppSettings>;
  readonly certificates: Readonly<Record<string, CertificateEntry>>;
}

/** Key of the item with an app's settings and certificate directory. */
export function appItemKey(appKey: string): { pk: string; sk: string } {
  return { pk: `app/${appKey}`, sk: 'settings' };
}

/** Reads an app as stored, strongly consistent; undefined when there is none. */
export async function readStoredApp(
  client: DynamoDBDocumentClient,
  table: string,
  appKey: string,
): Promise<{ readonly app: StoredApp; readonly version: number } | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: appItemKey(appKey), ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  return { app: unpackJson<StoredApp>(Item['data']), version: numberIn(Item, 'version') };
}

/** The write of an app's item that fails when somebody else wrote it first. */
export function appPut(table: string, appKey: string, app: StoredApp, version: number) {
  return {
    TableName: table,
    Item: { ...appItemKey(appKey), data: packJson(app), version: version + 1 },
    ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
    ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': version } }),
  };
}

/** Apps on DynamoDB; settings may be as old as `keepMs` in a decision. */
export function createAppStore(
  client: DynamoDBDocumentClient,
  table: string,
  keepMs = KEEP_MS,
): AppStore {
  async function read(appKey: string): Promise<App | undefined> {
    const stored = await readStoredApp(client, table, appKey);
    return stored && withDefaults(appKey, stored.app);
  }
  const recent = keepFor(keepMs, read);
  /** Until when a certificate (`appKey/name`) is not looked for again, by the monotonic clock. */
  const lookedForUntil = new Map<string, number>();

  function getFresh(appKey: string): Promise<App | undefined> {
    recent.forget(appKey);
    return recent.get(appKey);
  }

  async function get(appKey: string): Promise<App | undefined> {
    const app = await recent.get(appKey);
    // one created a moment ago must not stay unknown
    if (app === undefined) recent.forget(appKey);
    return app;
  }

  return {
    get,
    getFresh,

    async getKnowing(appKey, certificates) {
      const app = await get(appKey);
      const lacks = (name: string) => app && entryOf(app.certificates, name) === undefined;
      const lacking = [...certificates].filter(lacks).map((name) => `${appKey}/${name}`);
      const now = performance.now();
      if (lacking.every((key) => (lookedForUntil.get(key) ?? now) > now)) return app;
      for (const key of lacking) lookedForUntil.set(key, now + LACKING_MS);
      return getFresh(appKey);
    },

    async changeSettings(appKey, change) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await readStoredApp(client, table, appKey);
        if (stored === undefined) throw new Error(`no app ${appKey}`);
        const app = { ...stored.app, settings: changed(stored.app.settings, change) };
        try {
          await client.send(new PutCommand(appPut(table, appKey, app, stored.version)));
          recent.forget(appKey);
          return withDefaults(appKey, app);
        } catch (error) {
          if (!isLostRace(error)) throw error;
        }
      }
      throw new ConflictError(`settings of ${appKey} kept changing`);
    },
  };
}

function changed(
  settings: Partial<AppSettings>,
  { hook, ...others }: AppSettingsChange,
): Partial<AppSettings> {
  const { hook: before, ...kept } = settings;
  const after = hook === undefined ? before : hook;
  const result = { ...kept, ...others, ...(after ? { hook: after } : {}) };
  if (Buffer.byteLength(JSON.stringify(result)) > MAX_SETTINGS_BYTES) {
    throw new Refusal(413, 'the settings of an app have at most 100 KB as JSON');
  }
  return result;
}

function withDefaults(appKey: string, { settings, certificates }: StoredApp): App {
  return { appKey, settings: { ...DEFAULT_APP_SETTINGS, ...settings }, certificates };
}
