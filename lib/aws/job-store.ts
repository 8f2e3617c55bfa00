import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunk } from '../model/chunk';
import type { JobProgress, JobRecord, JobStore, StoredResult, TargetResult } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { Receipt } from '../model/receipt';
import type { EpochMs } from '../model/time';
import { batchGet } from './batch-get';
import { isLostRace, itemOnFailure } from './conditions';
import { fingerprint } from './fingerprint';
import { queryAll } from './query-all';
import { numberIn, packJson, unpackJson } from './stored-json';

const KEEP_SECONDS = 7 * 86_400;
const BATCH_GET_ITEMS = 100;
/** Sort key of a job's state; what else lies under a job are receipts. */
const STATE = 'state';
/** Results of targets that will be tried again; only the latest are kept, or a throttled hour would fill the item. */
const PASSING: readonly string[] = ['throttled', 'unavailable', 'unauthorized', 'misconfigured'];

/** Who works on which job and what came of it, on DynamoDB: one write to claim, one to settle. */
export function createJobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  /** A recall knows a job by its first id alone, so what was buried out of it looks there; that is rare. */
  async function recalledAtRoot(jobId: string, now: EpochMs): Promise<string[]> {
    const [root = jobId, suffix] = jobId.split('.');
    if (suffix === undefined) return [];
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: stateKey(root),
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':expiresAt': expiryOf(now) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return recalledIn(Attributes);
  }

  return {
    async claim(job, leaseUntil, now) {
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: stateKey(job.jobId),
            UpdateExpression:
              'SET generation = :mine, leaseUntil = :until, #state = :claimed, expiresAt = :expiresAt, queuedAt = if_not_exists(queuedAt, :queuedAt)',
            ConditionExpression:
              // a recall may have left its mark before
              'attribute_not_exists(generation) OR (generation <= :mine AND #state <> :done AND leaseUntil < :now)',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':mine': job.generation,
              ':until': leaseUntil,
              ':claimed': 'claimed',
              ':done': 'done',
              ':now': now,
              ':queuedAt': job.queuedAt,
              ':expiresAt': expiryOf(now),
            },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        const recalled = [...recalledIn(Attributes), ...(await recalledAtRoot(job.jobId, now))];
        return { claim: 'granted', ...(recalled.length > 0 && { recalled: new Set(recalled) }) };
      } catch (error) {
        const state = itemOnFailure(error);
        if (state['state'] === 'done' || numberIn(state, 'generation') > job.generation) {
          return { claim: 'over' };
        }
        return { claim: 'held', until: numberIn(state, 'leaseUntil') };
      }
    },

    async settle(job, end, results, now) {
      const [latest, final] = split(results.map(store), (one) => PASSING.includes(one.status));
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: stateKey(job.jobId),
            UpdateExpression:
              'SET #state = :state, generation = :next, leaseUntil = :free, latest = :latest, expiresAt = :expiresAt' +
              (final.length > 0
                ? ', results = list_append(if_not_exists(results, :none), :results)'
                : ''),
            // a claim that outlived its lease may have been taken over: what that holder says stands
            ConditionExpression: 'generation = :mine AND #state = :claimed',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':state': end === 'done' ? 'done' : 'waiting',
              ':claimed': 'claimed',
              ':mine': job.generation,
              ':next': end === 'done' ? job.generation : job.generation + 1,
              ':free': 0,
              ':latest': packJson(latest),
              ':expiresAt': expiryOf(now),
              ...(final.length > 0 ? { ':none': [], ':results': [packJson(final)] } : {}),
            },
          }),
        );
      } catch (error) {
        if (!isLostRace(error)) throw error;
      }
    },

    async recall(jobIds, messageId, now) {
      const marked = await pMap(
        jobIds,
        async (jobId) => {
          const { Attributes = {} } = await client.send(
            new UpdateCommand({
              TableName: table,
              Key: stateKey(jobId),
              UpdateExpression:
                'ADD recalled :ids SET expiresAt = if_not_exists(expiresAt, :expiresAt)',
              ExpressionAttributeValues: {
                ':ids': new Set([messageId]),
                ':expiresAt': expiryOf(now),
              },
              ReturnValues: 'ALL_NEW',
            }),
          );
          const progress = { state: stateIn(Attributes), results: resultsOf(Attributes) };
          return [jobId, progress] as const;
        },
        { concurrency: 20 },
      );
      return new Map(marked);
    },

    async seen(jobIds) {
      const keys = new Map(jobIds.map((jobId) => [JSON.stringify(stateKey(jobId)), jobId]));
      const pages = await pMap(chunk([...keys.values()], BATCH_GET_ITEMS), (some) =>
        batchGet(client, table, some.map(stateKey), { ConsistentRead: true }),
      );
      return new Set(
        pages
          .flat()
          .filter((item) => stateIn(item) !== 'queued')
          .flatMap(({ pk, sk }) => keys.get(JSON.stringify({ pk, sk })) ?? []),
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
        async (jobId) =>
          [jobId, readJob(await queryAll(client, table, stateKey(jobId).pk))] as const,
        { concurrency: 10 },
      );
      return new Map(records.filter(([, record]) => record !== undefined)) as Map<
        string,
        JobRecord
      >;
    },
  };
}

function store({ token, ...result }: TargetResult): StoredResult {
  return { ...result, tokenFingerprint: fingerprint(token) };
}

function split<Item>(items: readonly Item[], first: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}

function receiptItems(receipt: Receipt & { readonly jobId: string }) {
  return receipt.tokens.map((token) => ({
    pk: stateKey(receipt.jobId).pk,
    sk: `receipt/${fingerprint(token)}/${receipt.kind}`,
    tokenFingerprint: fingerprint(token),
    kind: receipt.kind,
    vendorType: receipt.vendorType,
    at: receipt.at,
    expiresAt: expiryOf(receipt.at),
  }));
}

function readJob(items: readonly Readonly<Record<string, unknown>>[]): JobRecord | undefined {
  const states = items.filter(({ sk }) => String(sk).startsWith(STATE));
  const [first] = states;
  if (first === undefined) return undefined;
  const queuedAt = numberIn(first, 'queuedAt');
  return {
    ...(queuedAt === 0 ? {} : { queuedAt }),
    results: states.flatMap(resultsOf).sort((a, b) => a.at - b.at),
    receipts: items
      .filter((item) => !states.includes(item))
      .map((item) => ({
        tokenFingerprint: String(item['tokenFingerprint']),
        kind: item['kind'] as Receipt['kind'], // written above, from a Receipt
        at: numberIn(item, 'at'),
      })),
  };
}

function stateIn({ state = 'queued' }: Readonly<Record<string, unknown>>): JobProgress['state'] {
  return state as JobProgress['state']; // written above, if at all
}

function recalledIn(item: Readonly<Record<string, unknown>> = {}): string[] {
  const { recalled } = item;
  return recalled instanceof Set ? [...recalled].map(String) : [];
}

function resultsOf(state: Readonly<Record<string, unknown>>): readonly StoredResult[] {
  const pages = Array.isArray(state['results']) ? state['results'] : [];
  const latest = state['latest'] === undefined ? [] : unpackJson<StoredResult[]>(state['latest']);
  return [...pages.flatMap((page) => unpackJson<StoredResult[]>(page)), ...latest];
}

function expiryOf(now: EpochMs): number {
  return Math.ceil(now / 1000) + KEEP_SECONDS;
}

/** What came of a job and of those buried out of it (`<jobId>.<suffix>`) lies together: one query reads it. */
function stateKey(jobId: PushJob['jobId']): { pk: string; sk: string } {
  const [root, suffix] = jobId.split('.');
  return { pk: `job/${root}`, sk: suffix === undefined ? STATE : `${STATE}/${suffix}` };
}
