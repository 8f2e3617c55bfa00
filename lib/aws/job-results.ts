import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { JobRecord, StoredResult, TargetResult } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { Receipt } from '../model/receipt';
import type { StoredJob } from '../model/submission';
import type { EpochMs } from '../model/time';
import { VENDOR_IDS } from '../model/vendor-id';
import { fingerprint } from './fingerprint';
import { keptUntil } from './job-life';
import { queryAll } from './query-all';
import { numberIn, packJson, unpackJson } from './stored-json';

/** Sort key of a job's results; what else lies under a job are receipts. */
const STATE = 'state';
/** The results of each generation, by name; written again they are the same. */
const RESULTS = /^results(\d+)$/;
/** Results of targets that will be tried again; only the latest are kept, or a throttled hour would fill the item. */
const PASSING: readonly string[] = ['throttled', 'unavailable', 'unauthorized', 'misconfigured'];

/** What came of jobs, on DynamoDB: nothing is written where nothing is to be kept. */
export interface JobResults {
  save(job: PushJob, results: readonly TargetResult[], now: EpochMs): Promise<void>;
  /**
   * Marks a message of these jobs as recalled for jobs that came out of them (`<jobId>.<suffix>`), whatever their
   * certificate; answers what is stored of each job's own targets, and which jobs were claimed that came out of it.
   */
  recall(
    jobIds: readonly string[],
    messageId: string,
    now: EpochMs,
  ): Promise<ReadonlyMap<string, StoredJobResults>>;
  /**
   * Tells the job that this one came out of that it is claimed; answers messages that are marked there. With one write, so that
   * of a claim and a recall one knows of the other. Nothing where it came out of none.
   */
  recalledBefore(job: PushJob, now: EpochMs): Promise<readonly string[]>;
  saveReceipts(receipts: readonly (Receipt & { readonly jobId: string })[]): Promise<void>;
  read(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobRecord>>;
}

/** What is known of a job besides its claim. */
export interface StoredJobResults {
  readonly results: readonly StoredResult[];
  readonly cameOut: readonly StoredJob[];
}

export function createJobResults(client: DynamoDBDocumentClient, table: string): JobResults {
  /** Keeps an item longer, and answers it: senders may not read, and hardly ever have to. */
  async function touch(jobId: string, now: EpochMs, change = '', values = {}) {
    const { Attributes = {} } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: resultsKey(jobId),
        UpdateExpression: `${change} SET expiresAt = :expiresAt`,
        ExpressionAttributeValues: { ...values, ':expiresAt': keptUntil(now) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes;
  }

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

    async recall(jobIds, messageId, now) {
      const marked = await pMap(
        jobIds,
        async (jobId) => {
          const item = await touch(jobId, now, 'ADD recalled :ids', {
            ':ids': new Set([messageId]),
          });
          return [jobId, { results: resultsIn(item), cameOut: cameOutOf(jobId, item) }] as const;
        },
        { concurrency: 20 },
      );
      return new Map(marked);
    },

    async recalledBefore({ jobId, vendor, certificate }, now) {
      const [root = jobId, suffix] = jobId.split('.');
      if (suffix === undefined) return [];
      const name = [suffix, vendor, certificate].join('/');
      const { recalled } = await touch(root, now, 'ADD cameOut :names', {
        ':names': new Set([name]),
      });
      return recalled instanceof Set ? [...recalled].map(String) : [];
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
  return [...pages, ...('latest' in item ? ['latest'] : [])].flatMap((name) =>
    unpackJson<StoredResult[]>(item[name]),
  );
}

/** The jobs that were claimed that came out of this one. */
function cameOutOf(
  jobId: string,
  { cameOut }: Readonly<Record<string, unknown>>,
): readonly StoredJob[] {
  const names = cameOut instanceof Set ? [...cameOut].map(String) : [];
  return names.flatMap((name) => {
    const [suffix, named, ...certificate] = name.split('/');
    const vendor = VENDOR_IDS.find((id) => id === named);
    if (vendor === undefined) return [];
    return [{ jobId: `${jobId}.${suffix}`, vendor, certificate: certificate.join('/') }];
  });
}

function generationOf(name: string): number {
  return Number(RESULTS.exec(name)?.[1]);
}

/** What came of a job and of those buried out of it (`<jobId>.<suffix>`) lies together: one query reads it. */
function resultsKey(jobId: PushJob['jobId']): { pk: string; sk: string } {
  const [root, suffix] = jobId.split('.');
  return { pk: `job/${root}`, sk: suffix === undefined ? STATE : `${STATE}/${suffix}` };
}
