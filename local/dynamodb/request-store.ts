import type { ItemChange } from './capacity';
import { type Condition, holds } from './condition';
import { type Database, withinPrefix } from './database';
import type { Callback, DynaliteStore, Item, StreamOptions, SubDatabase, Table } from './dynalite';
import { itemSize } from './item-size';
import { dynamoDbError, validationError } from './service-error';
import { answer, StagedSubDatabase, StagedWrites } from './staged-writes';
import type { TableCatalogue } from './table-catalogue';

/** What every request works on. */
export interface Engine {
  readonly database: Database;
  readonly tables: TableCatalogue;
}

const MAX_ITEM_BYTES = 400 * 1024;

/** Limits and delays in dynalite's names; tables are ready at once. */
export const STORE_OPTIONS = {
  maxItemSize: MAX_ITEM_BYTES,
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
};

/** Where the items of a table lie. */
export function itemPrefix(table: string): string {
  return `item~${table}~`;
}

function indexPrefix(kind: string, table: string, index: string): string {
  return `index-${kind.toLowerCase()}~${table}~${index}~`;
}

function tagPrefix(table: string): string {
  return `tag~${table}~`;
}

/** The store one request works on, and what it did there. */
export class RequestStore implements DynaliteStore {
  readonly options = STORE_OPTIONS;
  readonly tableDb: DynaliteStore['tableDb'];
  readonly writes: StagedWrites;
  /** Items read by key, in order, with what was written in their place. */
  readonly touched: ItemChange[] = [];
  /** Bytes of the items read by range, in order; may hold some that were read ahead and not used. */
  readonly scannedBytes: number[] = [];
  /** What must hold for the item read by key. */
  condition: Condition | undefined;
  readonly #engine: Engine;

  /** Requests that share `writes` see each other's and are committed together. */
  constructor(engine: Engine, writes = new StagedWrites(engine.database)) {
    this.#engine = engine;
    this.writes = writes;
    this.tableDb = new CatalogueDatabase(this.writes, engine.tables);
  }

  getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void {
    const { tables } = this.#engine;
    if (typeof checkStatus === 'function') answer(checkStatus, () => tables.get(name));
    else if (callback !== undefined) answer(callback, () => tables.find(name) ?? tables.get(name));
  }

  getItemDb(table: string): SubDatabase<Item> {
    return new ObservedItems(this, itemPrefix(table), table);
  }

  deleteItemDb(table: string, callback: Callback): void {
    this.#clear(itemPrefix(table), callback);
  }

  getIndexDb(kind: string, table: string, index: string): SubDatabase<Item> {
    return new ObservedEntries(this, indexPrefix(kind, table, index));
  }

  deleteIndexDb(kind: string, table: string, index: string, callback: Callback): void {
    this.#clear(indexPrefix(kind, table, index), callback);
  }

  getTagDb(table: string): SubDatabase<string> {
    return new StagedSubDatabase(this.writes, tagPrefix(table));
  }

  deleteTagDb(table: string, callback: Callback): void {
    this.#clear(tagPrefix(table), callback);
  }

  #clear(prefix: string, callback: Callback): void {
    this.#engine.database.clear(withinPrefix(prefix)).then(() => callback(null), callback);
  }
}

/** Items or index entries, whose size is noted when a range is read. */
class ObservedEntries extends StagedSubDatabase<Item> {
  readonly #store: RequestStore;

  constructor(store: RequestStore, prefix: string) {
    super(store.writes, prefix);
    this.#store = store;
  }

  protected override async *values(options?: StreamOptions): AsyncIterable<Item> {
    for await (const item of super.values(options)) {
      this.#store.scannedBytes.push(itemSize(item));
      yield item;
    }
  }
}

/** A table's items; what is read by key is held against the request's condition, and noted with what follows. */
class ObservedItems extends ObservedEntries {
  readonly #request: RequestStore;
  readonly #table: string;

  constructor(request: RequestStore, prefix: string, table: string) {
    super(request, prefix);
    this.#request = request;
    this.#table = table;
  }

  protected override read(key: string): Item | undefined {
    const before = super.read(key);
    this.#request.touched.push({ table: this.#table, before, after: before });
    const { condition } = this.#request;
    if (condition !== undefined && !holds(condition, before ?? {})) {
      throw dynamoDbError('ConditionalCheckFailedException', 'The conditional request failed');
    }
    return before;
  }

  protected override write(key: string, after: Item | undefined): void {
    // dynalite measures characters, AWS bytes
    if (after !== undefined && itemSize(after) > MAX_ITEM_BYTES) {
      throw validationError('Item size has exceeded the maximum allowed size');
    }
    const read = this.#request.touched.pop();
    this.#request.touched.push({ table: this.#table, before: read?.before, after });
    super.write(key, after);
  }
}

/** The tables as dynalite's actions see them. */
class CatalogueDatabase extends StagedSubDatabase<Table> {
  readonly awsAccountId = '000000000000';
  readonly awsRegion = 'us-east-1';
  readonly #tables: TableCatalogue;

  constructor(writes: StagedWrites, tables: TableCatalogue) {
    super(writes, '');
    this.#tables = tables;
  }

  protected override read(name: string): Table | undefined {
    return this.#tables.find(name);
  }

  protected override write(name: string, table: Table | undefined): void {
    if (table === undefined) this.#tables.delete(name);
    else this.#tables.put(table);
  }

  protected override async *keys(): AsyncIterable<string> {
    yield* this.#tables.names();
  }
}
