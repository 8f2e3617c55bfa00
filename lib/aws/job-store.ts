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
    claim: claims.claim,

    async settle(job, end, targets, now) {
      if (await claims.settle(job, end, now)) await results.save(job, targets, now);
    },

    async recall(jobs, messageId, now) {
      const states = await marks.mark(jobs, messageId, now);
      // after the mark: a sender that is still at work is told as such
      const stored = await results.of(
        [...states].flatMap(([jobId, state]) => (state === 'queued' ? [] : jobId)),
      );
      return new Map(
        [...states].map(([jobId, state]) => [jobId, { state, results: stored.get(jobId) ?? [] }]),
      );
    },

    seen: marks.seen,
    saveReceipts: results.saveReceipts,
    read: results.read,
  };
}
