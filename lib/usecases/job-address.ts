import type { JobAddress } from '../model/ports';
import type { StoredDecision } from '../model/submission';
import type { EpochMs } from '../model/time';

/** Where the job of a stored decision is known; undefined where there is none. `decidedAt` is what the decision is stored with. */
export function jobAddress(
  appKey: string,
  { jobId, vendor, certificate, queuedAt }: StoredDecision,
  decidedAt: EpochMs,
): JobAddress | undefined {
  if (jobId === undefined || vendor === undefined || certificate === undefined) return undefined;
  return { appKey, jobId, vendor, certificate, queuedAt: queuedAt ?? decidedAt };
}
