import type { JobQueue } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import { queueJobs } from '../../lib/usecases/queue-jobs';
import { aPushJob, aTarget, NOW } from '../support/builders';

/** A job whose targets are due at these times, at once where there is none. */
function jobDueAt(jobId: string, ...times: readonly (number | undefined)[]): PushJob {
  const [push] = aPushJob().pushes;
  const pushes = times.map((notBefore) => ({
    ...push,
    targets: [aTarget(notBefore === undefined ? {} : { notBefore })] as const,
  }));
  const [first = push, ...rest] = pushes;
  return aPushJob({ jobId, pushes: [first, ...rest] });
}

/** Which jobs are put into the queue with which delay. */
async function queued(...jobs: readonly PushJob[]) {
  const put: (readonly [readonly string[], number | undefined])[] = [];
  const queue: JobQueue = {
    put: async (some, delayMs) => {
      put.push([some.map(({ jobId }) => jobId), delayMs]);
    },
    bury: () => Promise.reject(new Error('nothing is buried')),
  };
  await queueJobs(jobs, NOW, queue);
  return put;
}

test('jobs that are due go together and at once, those that wait with others of the same wait', async () => {
  expect(
    await queued(
      jobDueAt('a', undefined),
      jobDueAt('b', NOW + 5_000),
      jobDueAt('c', NOW),
      jobDueAt('d', NOW + 5_000),
      jobDueAt('e', NOW + 1),
    ),
  ).toEqual([
    [['a', 'c'], undefined],
    [['b', 'd'], 5_000],
    [['e'], 1],
  ]);
});

test.each<[string, readonly (number | undefined)[], number | undefined]>([
  ['was due before', [NOW - 1], undefined],
  ['has one target that is due', [NOW + 5_000, undefined], undefined],
  ['has several waits', [NOW + 5_000, NOW + 2_000], 2_000],
])('a job that %s comes out when the first of its targets is due', async (_name, times, delay) => {
  expect(await queued(jobDueAt('a', ...times))).toEqual([[['a'], delay]]);
});

test('no jobs, no calls', async () => {
  expect(await queued()).toEqual([]);
});
