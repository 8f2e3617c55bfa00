import { createHash } from 'node:crypto';
import type { TableUnits } from './capacity';
import { type Database, withinPrefix } from './database';
import type { StagedWrites } from './staged-writes';

/** AWS knows a `ClientRequestToken` for ten minutes. */
const REMEMBERED_MS = 10 * 60_000;
const TOKENS = 'token~';

/** What is kept of a transaction, so that its repetition changes nothing and costs a read. */
export interface DoneTransaction {
  readonly fingerprint: string;
  readonly doneAtMs: number;
  readonly readUnits: readonly TableUnits[];
}

/** Tells one request from another with the same token. */
export function fingerprintOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}

/** The transaction done before with this token, if it is still known. */
export function findDone(database: Database, token: string): DoneTransaction | undefined {
  const done = database.get<DoneTransaction>(TOKENS + token);
  return done !== undefined && isRemembered(done) ? done : undefined;
}

/** Keeps a transaction's token together with its writes: a kill loses both or neither. */
export function rememberDone(writes: StagedWrites, token: string, done: DoneTransaction): void {
  writes.set(TOKENS + token, done);
}

/** Deletes the tokens AWS would no longer know. */
export async function forgetOldTokens(database: Database): Promise<void> {
  const old = new Map<string, undefined>();
  for await (const [key, done] of database.entries<DoneTransaction>(withinPrefix(TOKENS))) {
    if (!isRemembered(done)) old.set(key, undefined);
  }
  database.commit(old);
  await database.settled();
}

function isRemembered({ doneAtMs }: DoneTransaction): boolean {
  return Date.now() - doneAtMs < REMEMBERED_MS;
}
