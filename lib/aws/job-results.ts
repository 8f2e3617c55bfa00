import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunk } from '../model/chunk';
import type { JobRecord, StoredResult, TargetResult } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { Receipt } from '../model/receipt';
import type { EpochMs } from '../model/time';
import { batchGet } from './batch-get';
import { fingerprint } from './fingerprint';
import { keptUntil } from './job-life';
import { queryAll } from './query-all';
import { numberIn, packJson, unpackJson } from './stored-json';

const BATCH_GET_ITEMS = 100;
/** Sort key of a job's results; what else lies under a job are receipts. */
const STATE = 'state';
/** The results of each generation, by name; written again they are the same. */
const RESULTS = /^results(\d+)$/;
/** Results of targets that will be tried again; only the latest are kept, or a throttled hour would fill the item. */
const PASSING: readonly string[] = ['throttled', 'unavailable', 'unauthorized', 'misconfigured'];

/** What came of jobs, on DynamoDB: nothing is written where nothing is to be kept. */
export interface JobResults {
  save(job: PushJob, results: readonly TargetResult[], now: EpochMs): Promise<void>;
  /** What is stored of these jobs' own targets; empty where nothing is. */
  of(jobIds: readonly string[]): Promise<ReadonlyMap<string, readonly StoredResult[]>>;
  saveReceipts(receipts: readonly (Receipt & { readonly jobId: string })[]): Promise<void>;
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobRecord>>;
}

export function createJobResults(client: DynamoDBDocumentClient, table: string): JobResults {
  return {
    async save(job, results, now) {
      // a copy that was sent again may have left results that pass
      const isNews = results.length > 0 || (job.generation > 0 && job.traceLevel !== 'off');
      if (!isNews) return;
      const stored = results.map(store);
      const final = stored.filter(({ status }) => !PASSING.includes(status));
      const passing = stored.filter(({ status }) => PASSING.includes(status));
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: resultsKey(job.jobId),
          UpdateExpression: `SET latest = :latest, expiresAt = :expiresAt${final.length > 0 ? ', #results = :results' : ''}`,
          ...(final.length > 0 && {
            ExpressionAttributeNames: { '#results': `results${job.generation}` },
          }),
          ExpressionAttributeValues: {
            ':latest': packJson(passing),
            ':expiresAt': keptUntil(now),
            ...(final.length > 0 && { ':results': packJson(final) }),
          },
        }),
      );
    },

    async of(jobIds) {
      const keys = new Map(jobIds.map((jobId) => [JSON.stringify(resultsKey(jobId)), jobId]));
      const pages = await pMap(chunk([...keys.values()], BATCH_GET_ITEMS), (some) =>
        batchGet(client, table, some.map(resultsKey), { ConsistentRead: true }),
      );
      return new Map(
        pages.flat().flatMap((item) => {
          const { pk, sk } = item;
          const jobId = keys.get(JSON.stringify({ pk, sk }));
          return jobId === undefined ? [] : [[jobId, resultsIn(item)] as const];
        }),
      );
    },

    async saveReceipts(receipts) {
      const items = receipts.flatMap((receipt) => receiptItems(receipt));
      await pMap(items, (Item) => client.send(new PutCommand({ TableName: table, Item })), {
        concurrency: 10,
      });
    },

    async read(jobIds) {
      const records = await pMap(
        jobIds,
        async (jobId) => {
          const items = await queryAll(client, table, resultsKey(jobId).pk);
          return items.length === 0 ? [] : [[jobId, readJob(items)] as const];
        },
        { concurrency: 10 },
      );
      return new Map(records.flat());
    },
  };
}

function store({ token, ...result }: TargetResult): StoredResult {
  return { ...result, tokenFingerprint: fingerprint(token) };
}

function receiptItems(receipt: Receipt & { readonly jobId: string }) {
  return receipt.tokens.map((token) => ({
    pk: resultsKey(receipt.jobId).pk,
    sk: `receipt/${fingerprint(token)}/${receipt.kind}`,
    tokenFingerprint: fingerprint(token),
    kind: receipt.kind,
    vendorType: receipt.vendorType,
    at: receipt.at,
    expiresAt: keptUntil(receipt.at),
  }));
}

function readJob(items: readonly Readonly<Record<string, unknown>>[]): JobRecord {
  const states = items.filter(({ sk }) => String(sk).startsWith(STATE));
  return {
    results: states.flatMap(resultsIn).sort((a, b) => a.at - b.at),
    receipts: items
      .filter((item) => !states.includes(item))
      .map((item) => ({
        tokenFingerprint: String(item['tokenFingerprint']),
        kind: item['kind'] as Receipt['kind'], // written above, from a Receipt
        at: numberIn(item, 'at'),
      })),
  };
}

/** Those of all generations, in order. */
function resultsIn(item: Readonly<Record<string, unknown>>): readonly StoredResult[] {
  const pages = Object.keys(item)
    .filter((name) => RESULTS.test(name))
    .sort((one, other) => generationOf(one) - generationOf(other));
  return [...pages, 'latest'].flatMap((name) => unpackJson<StoredResult[]>(item[name]));
}

function generationOf(name: string): number {
  return Number(RESULTS.exec(name)?.[1]);
}

/** What came of a job and of those buried out of it (`<jobId>.<suffix>`) lies together: one query reads it. */
function resultsKey(jobId: PushJob['jobId']): { pk: string; sk: string } {
  const [root, suffix] = jobId.split('.');
  return { pk: `job/${root}`, sk: suffix === undefined ? STATE : `${STATE}/${suffix}` };
}
