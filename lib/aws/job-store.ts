import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobAddress, JobStore } from '../model/ports';
import type { EpochMs } from '../model/time';
import { createJobClaims } from './job-claims';
import { createJobResults } from './job-results';
import { createRecallMarks } from './recall-marks';

/** Who works on which job and what came of it, on DynamoDB. */
export function createJobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  const claims = createJobClaims(client, table);
  const marks = createRecallMarks(client, table);
  const results = createJobResults(client, table);

  /** Marks a message of these jobs; answers how far each has got. */
  async function mark(jobs: readonly JobAddress[], messageId: string, now: EpochMs) {
    const states = await marks.mark(jobs, messageId, now);
    // after the marks: what is claimed from then on has none to show, and lets nothing come out of it
    const had = [...states].flatMap(([jobId, { state }]) => (state === 'queued' ? [] : jobId));
    const stored = await results.recall(had, messageId, now);
    return jobs.flatMap((job) => {
      const state = states.get(job.jobId);
      const { cameOut = [], ...own } = stored.get(job.jobId) ?? { results: [] };
      return state === undefined ? [] : [{ job, cameOut, progress: { ...state, ...own } }];
    });
  }

  return {
    async claim(job, leaseUntil, now) {
      const answer = await claims.claim(job, leaseUntil, now);
      if (answer.claim !== 'granted') return answer;
      const before = await results.recalledBefore(job, now);
      const recalled = new Set([...(answer.recalled ?? []), ...before]);
      const { recalled: _own, ...granted } = answer;
      return { ...granted, ...(recalled.size > 0 && { recalled }) };
    },

    async settle(job, end, targets, now) {
      if (await claims.settle(job, end, now)) await results.save(job, targets, now);
    },

    async recall(jobs, messageId, now) {
      const marked = await mark(jobs, messageId, now);
      // of all copies of a job, and of what came out of it, the time is the same
      const offshoots = marked.flatMap(({ job, cameOut }) =>
        cameOut.map((one) => ({ ...job, ...one })),
      );
      const later = await mark(offshoots, messageId, now);
      return new Map(
        marked.map(({ job, cameOut, progress }) => {
          const ids = new Set(cameOut.map(({ jobId }) => jobId));
          const own = later.filter((one) => ids.has(one.job.jobId));
          const told = own.map((one) => ({ ...one.job, ...one.progress }));
          return [job.jobId, told.length > 0 ? { ...progress, cameOut: told } : progress];
        }),
      );
    },

    seen: marks.seen,
    saveReceipts: results.saveReceipts,
    read: results.read,
  };
}
