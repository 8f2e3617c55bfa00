import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunk } from '../model/chunk';
import type { JobAddress, JobProgress, JobStore } from '../model/ports';
import type { EpochMs } from '../model/time';
import { batchGet } from './batch-get';
import { claimsKey, entryName, readEntry, recalledName } from './claim-entry';
import { keptUntil } from './job-life';

type Item = Readonly<Record<string, unknown>>;

const BATCH_GET_ITEMS = 100;
/** An expression is at most 4 KB. */
const JOBS_A_WRITE = 100;

/** What is asked about jobs from outside their senders. */
export interface RecallMarks extends Pick<JobStore, 'seen'> {
  /** Marks a message of these jobs as recalled; answers how far each has got. */
  mark(
    jobs: readonly JobAddress[],
    messageId: string,
    now: EpochMs,
  ): Promise<ReadonlyMap<string, Pick<JobProgress, 'state' | 'until'>>>;
}

/** Marks of recalled messages, on DynamoDB: they lie where a sender looks when it claims the job. */
export function createRecallMarks(client: DynamoDBDocumentClient, table: string): RecallMarks {
  return {
    async mark(jobs, messageId, now) {
      const marked = await pMap(
        byItem(jobs).flatMap(([Key, some]) =>
          chunk(some, JOBS_A_WRITE).map((few) => [Key, few] as const),
        ),
        async ([Key, some]) => {
          const names = [...new Set(some.map(({ jobId }) => recalledName(jobId)))];
          const { Attributes = {} } = await client.send(
            new UpdateCommand({
              TableName: table,
              Key,
              UpdateExpression: `ADD ${names.map((_, index) => `#${index} :ids`).join(', ')} SET expiresAt = if_not_exists(expiresAt, :expiresAt)`,
              ExpressionAttributeNames: Object.fromEntries(
                names.map((name, index) => [`#${index}`, name]),
              ),
              ExpressionAttributeValues: {
                ':ids': new Set([messageId]),
                ':expiresAt': keptUntil(now),
              },
              ReturnValues: 'ALL_NEW',
            }),
          );
          return some.map(({ jobId }) => [jobId, progressIn(Attributes, jobId)] as const);
        },
        { concurrency: 20 },
      );
      return new Map(marked.flat());
    },

    async seen(jobs) {
      const items = byItem(jobs);
      const keys = chunk(
        items.map(([Key]) => Key),
        BATCH_GET_ITEMS,
      );
      const read = await pMap(keys, (some) =>
        batchGet(client, table, some, { ConsistentRead: true }),
      );
      const found = new Map(read.flat().map((item) => [item['pk'], item]));
      return new Set(
        items.flatMap(([{ pk }, some]) =>
          some.flatMap(({ jobId }) =>
            progressIn(found.get(pk) ?? {}, jobId).state === 'queued' ? [] : jobId,
          ),
        ),
      );
    },
  };
}

/** Jobs by the item in which their claims lie. */
function byItem(jobs: readonly JobAddress[]) {
  return [...Map.groupBy(jobs, (job) => claimsKey(job).pk).values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [[claimsKey(first), some] as const];
  });
}

function progressIn(item: Item, jobId: string): Pick<JobProgress, 'state' | 'until'> {
  const entry = readEntry(item[entryName(jobId)]);
  if (entry === undefined) return { state: 'queued' };
  const { state, until } = entry;
  return state === 'claimed' ? { state, until } : { state };
}
