import type { JobQueue } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { EpochMs } from '../model/time';

/** Puts jobs into their queues, each to come out when the first of its targets is due. */
export async function queueJobs(
  jobs: readonly PushJob[],
  now: EpochMs,
  queue: JobQueue,
): Promise<void> {
  const byDelayMs = Map.groupBy(jobs, (job) => Math.max(0, firstDueAt(job) - now));
  await Promise.all(
    [...byDelayMs].map(([delayMs, some]) =>
      delayMs === 0 ? queue.put(some) : queue.put(some, delayMs),
    ),
  );
}

function firstDueAt({ pushes }: PushJob): EpochMs {
  const times = pushes.flatMap(({ targets }) => targets.map(({ notBefore }) => notBefore ?? 0));
  return Math.min(...times);
}
