import { Readable } from 'node:stream';
import { type Database, withinPrefix } from './database';
import type { Callback, KeyValueWrite, StreamOptions, SubDatabase } from './dynalite';

/**
 * The writes of one request, seen by its own reads only until `commit` hands them over in one piece: an item with
 * its index entries, or a whole transaction, becomes one atomic write.
 */
export class StagedWrites {
  readonly database: Database;
  readonly #staged = new Map<string, unknown>();

  constructor(database: Database) {
    this.database = database;
  }

  get<Value>(key: string): Value | undefined {
    if (this.#staged.has(key)) return this.#staged.get(key) as Value | undefined;
    return this.database.get<Value>(key);
  }

  /** `undefined` deletes. */
  set(key: string, value: unknown): void {
    this.#staged.set(key, value);
  }

  commit(): void {
    this.database.commit(this.#staged);
  }
}

/**
 * The keys under one prefix, as dynalite's actions use them. Every call answers in the tick it is made in, so a
 * read, its check and its write cannot be interrupted and there is nothing to lock. Ranges read what is stored.
 */
export class StagedSubDatabase<Value> implements SubDatabase<Value> {
  readonly #writes: StagedWrites;
  readonly #prefix: string;

  constructor(writes: StagedWrites, prefix: string) {
    this.#writes = writes;
    this.#prefix = prefix;
  }

  lock(_key: string, locked: (release: (callback: Callback) => Callback) => void): void {
    locked((callback) => callback);
  }

  get(key: string, callback: Callback<Value>): void {
    answer(callback, () => this.read(key));
  }

  put(key: string, value: Value, callback: Callback): void {
    answer(callback, () => this.write(key, value));
  }

  del(key: string, callback: Callback): void {
    answer(callback, () => this.write(key, undefined));
  }

  batch(writes: readonly KeyValueWrite<Value>[], callback: Callback): void {
    answer(callback, () => {
      for (const write of writes) {
        this.write(write.key, write.type === 'put' ? write.value : undefined);
      }
    });
  }

  createKeyStream(options?: StreamOptions): Readable {
    return Readable.from(this.keys(options));
  }

  createValueStream(options?: StreamOptions): Readable {
    return Readable.from(this.values(options));
  }

  protected read(key: string): Value | undefined {
    return this.#writes.get<Value>(this.#prefix + key);
  }

  protected write(key: string, value: Value | undefined): void {
    this.#writes.set(this.#prefix + key, value);
  }

  protected values(options?: StreamOptions): AsyncIterable<Value> {
    return this.#writes.database.values<Value>(withinPrefix(this.#prefix, options));
  }

  protected async *keys(options?: StreamOptions): AsyncIterable<string> {
    for await (const key of this.#writes.database.keys(withinPrefix(this.#prefix, options))) {
      yield key.slice(this.#prefix.length);
    }
  }
}

/** Calls back with what `produce` returns or throws. */
export function answer<Value>(callback: Callback<Value>, produce: () => Value | undefined): void {
  let value: Value | undefined;
  try {
    value = produce();
  } catch (error) {
    callback(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  callback(null, value);
}
