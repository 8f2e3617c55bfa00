import type { PushJob } from '../model/push-job';
import type { EpochMs } from '../model/time';
import { claimsKey, readEntry } from './claim-entry';

/** Whose job failed never settles; the lease of a claim is much shorter. */
const FORGET_MS = 3_600_000;

/** What this container holds: the entry of each job it has claimed and not settled. */
export interface HeldClaims {
  /** Keeps a claim, and forgets those that nobody settled for long. */
  add(job: PushJob, entry: string, now: EpochMs): void;
  /** Takes a claim out, if there is one. */
  take(job: PushJob): string | undefined;
  /** Whether jobs of the same item are held. */
  hasBeside(job: PushJob): boolean;
}

export function createHeldClaims(): HeldClaims {
  const byItem = new Map<string, Map<string, string>>();

  function forget(pk: string, name: string): void {
    const own = byItem.get(pk);
    own?.delete(name);
    if (own?.size === 0) byItem.delete(pk);
  }

  return {
    add(job, entry, now) {
      for (const [pk, own] of byItem) {
        for (const [name, one] of own) {
          if ((readEntry(one)?.until ?? 0) + FORGET_MS < now) forget(pk, name);
        }
      }
      const { pk } = claimsKey(job);
      const own = byItem.get(pk) ?? new Map<string, string>();
      byItem.set(pk, own.set(nameOf(job), entry));
    },
    take(job) {
      const { pk } = claimsKey(job);
      const entry = byItem.get(pk)?.get(nameOf(job));
      forget(pk, nameOf(job));
      return entry;
    },
    hasBeside: (job) => byItem.has(claimsKey(job).pk),
  };
}

function nameOf({ jobId, generation }: PushJob): string {
  return `${jobId}/${generation}`;
}
