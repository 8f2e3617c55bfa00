import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { Clock } from '../../lib/model/time';
import type { FlowGate } from '../../lib/model/vendor-ports';

const bucketSchema = v.object({ tokens: v.number(), filledAt: v.number(), version: v.number() });
type Bucket = v.InferOutput<typeof bucketSchema>;

/** Requests that one write may stand for. */
const MOST_AT_ONCE = 100;

export interface NaiveOptions {
  readonly table: string;
  readonly pk: string;
  readonly perSecond: number;
  readonly clock: Clock;
}

/**
 * What comes to mind first: one token bucket in DynamoDB that holds a second's requests, by the containers' own clocks,
 * and one conditional write for as many requests as wait.
 */
export function createNaiveBucket(client: DynamoDBDocumentClient, options: NaiveOptions): FlowGate {
  const { table, pk, perSecond, clock } = options;
  let seen: Bucket = { tokens: perSecond, filledAt: clock.now(), version: 0 };
  let inHand = 0;
  let waiting = 0;
  let taking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const now = Math.max(clock.now(), seen.filledAt);
    const filled = Math.min(perSecond, seen.tokens + ((now - seen.filledAt) / 1_000) * perSecond);
    const count = Math.min(waiting, MOST_AT_ONCE, Math.floor(filled));
    if (count < 1) return pause(Math.max(1, (1_000 * (1 - filled)) / perSecond));
    const next = { tokens: filled - count, filledAt: now, version: seen.version + 1 };
    const put = {
      TableName: table,
      Item: { pk, ...next },
      ConditionExpression: seen.version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
      ...(seen.version === 0 ? {} : { ExpressionAttributeValues: { ':version': seen.version } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    try {
      await client.send(new PutCommand(put));
      seen = next;
      inHand += count;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
      seen = v.parse(bucketSchema, unmarshall(error.Item));
    }
  }

  return {
    awaitRoom: async () => ({ kind: 'ready' }),
    async enter(weight, maxWaitMs) {
      const deadline = performance.now() + maxWaitMs;
      waiting += weight;
      try {
        while (inHand < weight) {
          if (performance.now() > deadline) return undefined;
          taking ??= take().finally(() => {
            taking = undefined;
          });
          await taking;
        }
        inHand -= weight;
        return { leave: () => undefined };
      } finally {
        waiting -= weight;
      }
    },
    refuse: () => undefined,
    rest: async () => undefined,
  };
}
