import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobStore } from '../model/ports';
import { createJobClaims } from './job-claims';
import { createJobResults } from './job-results';
import { createRecallMarks } from './recall-marks';

/** Who works on which job and what came of it, on DynamoDB. */
export function createJobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  const claims = createJobClaims(client, table);
  const marks = createRecallMarks(client, table);
  const results = createJobResults(client, table);
  return {
    async claim(job, leaseUntil, now) {
      const answer = await claims.claim(job, leaseUntil, now);
      if (answer.claim !== 'granted') return answer;
      const before = await results.recalledBefore(job.jobId, now);
      const recalled = new Set([...(answer.recalled ?? []), ...before]);
      return { claim: 'granted', ...(recalled.size > 0 && { recalled }) };
    },

    async settle(job, end, targets, now) {
      if (await claims.settle(job, end, now)) await results.save(job, targets, now);
    },

    async recall(jobs, messageId, now) {
      const states = await marks.mark(jobs, messageId, now);
      // after the marks: what is claimed from then on has none to show, and lets nothing come out of it
      const had = [...states].flatMap(([jobId, state]) => (state === 'queued' ? [] : jobId));
      const stored = await results.recall(had, messageId, now);
      return new Map(
        [...states].map(([jobId, state]) => [jobId, { state, results: stored.get(jobId) ?? [] }]),
      );
    },

    seen: marks.seen,
    saveReceipts: results.saveReceipts,
    read: results.read,
  };
}
