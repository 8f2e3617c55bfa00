import { type Database, withinPrefix } from './database';
import type { Table } from './dynalite';
import { dynamoDbError } from './service-error';

/** What a table has beside its description, set by calls of their own. */
export interface TableSettings {
  readonly timeToLive?: { readonly attribute: string };
  readonly pointInTimeRecovery?: { readonly sinceMs: number; readonly periodDays: number };
}

const TABLES = 'table~';
const SETTINGS = 'settings~';

/** Every table with its settings, in memory and in the database. */
export class TableCatalogue {
  readonly #database: Database;
  readonly #tables = new Map<string, Table>();
  readonly #settings = new Map<string, TableSettings>();

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Reads the tables a database holds. */
  static async load(database: Database): Promise<TableCatalogue> {
    const catalogue = new TableCatalogue(database);
    for await (const table of database.values<Table>(withinPrefix(TABLES))) {
      catalogue.#tables.set(table.TableName, table);
    }
    for await (const [key, settings] of database.entries<TableSettings>(withinPrefix(SETTINGS))) {
      catalogue.#settings.set(key.slice(SETTINGS.length), settings);
    }
    return catalogue;
  }

  /** In the order of their names. */
  names(): readonly string[] {
    return [...this.#tables.keys()].sort();
  }

  /** Also one that is being made or deleted. */
  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** A table whose items may be read and written, or the refusal AWS answers. */
  get(name: string): Table {
    const table = this.#tables.get(name);
    if (table === undefined || table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING')
      throw dynamoDbError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** Keeps a table; only a finished state is stored, so a kill halfway leaves the table as it was. */
  put(table: Table): void {
    this.#tables.set(table.TableName, table);
    if (table.TableStatus === 'ACTIVE') this.#commit(TABLES + table.TableName, table);
  }

  /** Forgets a table and its settings. */
  delete(name: string): void {
    this.#tables.delete(name);
    this.#settings.delete(name);
    this.#commit(TABLES + name, undefined);
    this.#commit(SETTINGS + name, undefined);
  }

  settingsOf(name: string): TableSettings {
    return this.#settings.get(name) ?? {};
  }

  changeSettings(name: string, settings: TableSettings): void {
    this.#settings.set(name, settings);
    this.#commit(SETTINGS + name, settings);
  }

  #commit(key: string, value: unknown): void {
    this.#database.commit(new Map([[key, value]]));
  }
}
