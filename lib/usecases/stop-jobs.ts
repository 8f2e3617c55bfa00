import type { JobAddress, JobProgress, JobStore } from '../model/ports';
import { type Clock, type EpochMs, SECOND_MS } from '../model/time';

export interface StopPorts {
  readonly jobs: Pick<JobStore, 'recall'>;
  readonly clock: Clock;
}

/** Nearly every job is settled so long after it was claimed; whoever has it may take as long as a claim lasts. */
const LOOK_AGAIN_MS = SECOND_MS;

/**
 * Sees to it that senders drop what they have not begun to send of a message; answers how far each of its jobs has got. Where a sender
 * is at work it looks once more a moment later: a recall that knows the end of it need not wait for the end of the claim.
 */
export async function stopJobs(
  jobs: readonly JobAddress[],
  messageId: string,
  { jobs: store, clock }: StopPorts,
): Promise<ReadonlyMap<string, JobProgress>> {
  const now = clock.now();
  const first = await store.recall(jobs, messageId, now);
  const busy = jobs.filter(({ jobId }) => isBusy(first.get(jobId), now));
  if (busy.length === 0) return first;
  await pause(LOOK_AGAIN_MS);
  return new Map([...first, ...(await store.recall(busy, messageId, clock.now()))]);
}

function isBusy(job: JobProgress | undefined, now: EpochMs): boolean {
  if (job === undefined) return false;
  return [job, ...(job.cameOut ?? [])].some(
    ({ state, until = 0 }) => state === 'claimed' && until > now,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
