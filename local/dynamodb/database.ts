import { dynaliteDb, type KeyValueWrite, type Level, type StreamOptions } from './dynalite';

/** Changes to make together; `undefined` deletes the key. */
export type Changes = ReadonlyMap<string, unknown>;

/**
 * An ordered key-value database with reads at once and atomic writes: what is committed together survives a kill
 * of the process together or not at all, because LevelDB logs a batch as one checksummed record.
 *
 * `get` sees a commit immediately, so a read, a check and a commit in one tick need no lock. Commits made while a
 * batch is on its way to the disk share the next one. Whoever answers a request waits for `settled` first: nothing
 * is told that could still be lost. A kill loses nothing that was told; a power cut may lose the last seconds.
 */
export class Database {
  readonly #level: Level;
  #waiting = new Map<string, unknown>();
  #onItsWay: Changes = new Map();
  #lastBatch: Promise<void> = Promise.resolve();
  #nextBatch: Promise<void> | undefined;

  private constructor(level: Level) {
    this.#level = level;
  }

  /** Opens the database in a folder of its own, made if need be, or in memory without one. */
  static async open(folder?: string): Promise<Database> {
    const { db } = dynaliteDb.create(folder === undefined ? {} : { path: folder });
    try {
      await db.open();
    } catch (cause) {
      throw new Error(`the store in ${folder} cannot be opened; is it in use?`, { cause });
    }
    return new Database(db);
  }

  /** The value as of the last commit; the caller names what it stored under this key. */
  get<Value>(key: string): Value | undefined {
    for (const changes of [this.#waiting, this.#onItsWay]) {
      if (changes.has(key)) return changes.get(key) as Value | undefined;
    }
    return this.#level.getSync<Value>(key);
  }

  /** Makes the changes visible now and stores them in one batch. A failed batch fails everything after it. */
  commit(changes: Changes): void {
    if (changes.size === 0) return;
    for (const [key, value] of changes) this.#waiting.set(key, value);
    this.#nextBatch ??= this.#lastBatch.then(() => this.#store());
  }

  /** Resolves when everything committed so far is stored. */
  settled(): Promise<void> {
    return this.#nextBatch ?? this.#lastBatch;
  }

  async #store(): Promise<void> {
    this.#onItsWay = this.#waiting;
    this.#waiting = new Map();
    this.#lastBatch = this.#nextBatch ?? this.#lastBatch;
    this.#nextBatch = undefined;
    const writes: KeyValueWrite[] = [];
    for (const [key, value] of this.#onItsWay) {
      writes.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value });
    }
    await this.#level.batch(writes);
    this.#onItsWay = new Map();
  }

  /** Stored keys of a range in order, as of the call. Await `settled` before to see every commit. */
  keys(range: StreamOptions): AsyncIterable<string> {
    return this.#level.keys(range);
  }

  /** Stored values of a range, like `keys`. */
  values<Value>(range: StreamOptions): AsyncIterable<Value> {
    return this.#level.values<Value>(range);
  }

  /** Stored keys with their values, like `keys`. */
  entries<Value>(range: StreamOptions): AsyncIterable<[string, Value]> {
    return this.#level.iterator<Value>(range);
  }

  /** Deletes a range; nothing may be committed to it meanwhile. */
  async clear(range: StreamOptions): Promise<void> {
    await this.settled();
    await this.#level.clear(range);
  }

  /** Stores what is committed and closes. */
  async close(): Promise<void> {
    await this.settled();
    await this.#level.close();
  }
}

/** Turns bounds within a prefix into bounds of the whole database. */
export function withinPrefix(prefix: string, { gt, gte, lt, lte, ...rest }: StreamOptions = {}) {
  return {
    ...rest,
    ...(gt === undefined ? { gte: prefix + (gte ?? '') } : { gt: prefix + gt }),
    ...(lte === undefined ? { lt: prefix + (lt ?? '\u{10ffff}') } : { lte: prefix + lte }),
  };
}
