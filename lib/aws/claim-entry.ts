import { randomBytes } from 'node:crypto';
import type { ClaimAnswer, JobAddress, JobProgress } from '../model/ports';
import type { EpochMs } from '../model/time';
import { sha256 } from './fingerprint';

/**
 * Jobs of a certificate that were queued within so long of each other share an item. Longer, and a busy one's would pass
 * the 1 KB of a write unit; shorter, and the jobs that one sender gets at once would lie in more of them.
 */
const SLICE_MS = 200;
/** 60 bits: among hundred jobs two have the same name once in 10^14 items. */
const NAME_CHARACTERS = 10;
const GENERATION_CHARACTERS = 4;
const TIME_CHARACTERS = 9;
const DONE = '~';

/** How far a job has got, as its entry tells. */
export interface ClaimEntry {
  readonly state: Exclude<JobProgress['state'], 'queued'>;
  readonly generation: number;
  /** The end of the lease of what is claimed, else 0. */
  readonly until: EpochMs;
}

/** Key of the item in which a job's claims lie; of all copies of the job the same. */
export function claimsKey({ vendor, appKey, certificate, queuedAt }: JobAddress) {
  const slice = Math.floor(queuedAt / SLICE_MS).toString(36);
  return { pk: `claims/${vendor}/${appKey}/${slice}/${certificate}`, sk: 'jobs' };
}

/** Name of the attribute that is a job's entry. */
export function entryName(jobId: string): string {
  return sha256(jobId).slice(0, NAME_CHARACTERS);
}

/** Name of the attribute with the recalled messages of a job. */
export function recalledName(jobId: string): string {
  return `!${entryName(jobId)}`;
}

/** Messages of a job that are marked as recalled in its item. */
export function recalledIn(
  item: Readonly<Record<string, unknown>>,
  jobId: string,
): ReadonlySet<string> {
  const recalled = item[recalledName(jobId)];
  return new Set(recalled instanceof Set ? [...recalled].map(String) : []);
}

/** The entry of a job that somebody holds; never the same twice, so that a holder knows its own. */
export function heldEntry(generation: number, until: EpochMs): string {
  return `${lapsedEntry(generation, until)}${randomBytes(3).toString('base64url')}`;
}

/** What sorts behind the entries of a generation whose lease is over at a time, and before those whose lease is not. */
export function lapsedEntry(generation: number, now: EpochMs): string {
  return `${waitingEntry(generation)}${digits(now, TIME_CHARACTERS)}`;
}

/** The entry of a job whose next copy is of this generation, and free to be claimed; the first of its entries. */
export function waitingEntry(generation: number): string {
  return digits(generation, GENERATION_CHARACTERS);
}

/** The entry of a job that is settled. */
export function settledEntry(generation: number, end: 'done' | 'handed-over'): string {
  return end === 'done' ? DONE : waitingEntry(generation + 1);
}

/** Reads an entry; undefined for a job that no sender has had. */
export function readEntry(stored: unknown): ClaimEntry | undefined {
  if (typeof stored !== 'string') return undefined;
  if (stored === DONE) return { state: 'done', generation: 0, until: 0 };
  const generation = Number.parseInt(stored.slice(0, GENERATION_CHARACTERS), 36);
  const time = stored.slice(GENERATION_CHARACTERS, GENERATION_CHARACTERS + TIME_CHARACTERS);
  return time === ''
    ? { state: 'waiting', generation, until: 0 }
    : { state: 'claimed', generation, until: Number.parseInt(time, 36) };
}

/** What a copy of a job is told that finds this entry; undefined if it may have the job. */
export function refusalBy(
  entry: ClaimEntry | undefined,
  generation: number,
  now: EpochMs,
): ClaimAnswer | undefined {
  if (entry === undefined) return undefined;
  if (entry.state === 'done' || entry.generation > generation) return { claim: 'over' };
  return entry.until < now ? undefined : { claim: 'held', until: entry.until };
}

/** Numbers that sort as text. */
function digits(value: number, characters: number): string {
  return Math.floor(value).toString(36).padStart(characters, '0');
}
