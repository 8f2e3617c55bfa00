import { setTimeout as pause, setImmediate as yieldTurn } from 'node:timers/promises';
import { withinPrefix } from './database';
import type { Item, Table } from './dynalite';
import { forgetOldTokens } from './idempotency';
import { type Engine, itemPrefix, RequestStore } from './request-store';
import { runNow } from './run-operation';

/**
 * AWS leaves alone what claims to have expired longer ago than five years.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 86_400;
/** Items looked at before requests get a turn. */
const ITEMS_A_TURN = 200;

/** Deletes expired items and worn-out idempotency tokens again and again; `stop` waits for the sweep under way. */
export function startTtlSweep(engine: Engine, everyMs: number): { stop(): Promise<void> } {
  const stopping = new AbortController();
  // a sweep fails only with the database, which every request then reports
  const ended = sweepUntil(stopping.signal, engine, everyMs).catch(() => undefined);
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

async function sweepUntil(signal: AbortSignal, engine: Engine, everyMs: number): Promise<void> {
  while (await pause(everyMs, true, { signal, ref: false })) {
    for (const name of engine.tables.names()) await sweepTable(engine, name, signal);
    await forgetOldTokens(engine.database);
  }
}

async function sweepTable(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  const { timeToLive } = engine.tables.settingsOf(name);
  const table = engine.tables.find(name);
  if (timeToLive === undefined || table === undefined) return;
  const { attribute } = timeToLive;
  let looked = 0;
  for await (const item of engine.database.values<Item>(withinPrefix(itemPrefix(name)))) {
    if (isExpired(item, attribute)) deleteExpired(engine, table, item, attribute);
    if (++looked % ITEMS_A_TURN === 0) await yieldTurn();
    if (signal.aborted) break;
  }
  await engine.database.settled();
}

function isExpired(item: Item | undefined, attribute: string): boolean {
  const value = item?.[attribute];
  if (value === undefined || !('N' in value)) return false;
  const agoSeconds = Date.now() / 1000 - Number(value.N);
  return agoSeconds > 0 && agoSeconds < OLDEST_EXPIRY_SECONDS;
}

/** The item may have been renewed or deleted since the sweep read it. */
function deleteExpired(engine: Engine, table: Table, seen: Item, attribute: string): void {
  if (engine.tables.find(table.TableName)?.TableStatus !== 'ACTIVE') return;
  const store = new RequestStore(engine);
  runNow('DeleteItem', store, { TableName: table.TableName, Key: keyOf(table, seen) });
  if (isExpired(store.touched[0]?.before, attribute)) store.writes.commit();
}

function keyOf(table: Table, item: Item): Item {
  const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
