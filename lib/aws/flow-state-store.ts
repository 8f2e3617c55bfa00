import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { FlowStateStore } from '../model/flow-state';
import { numberIn } from './stored-json';

/** What an attribute of a container's share is called, before the holder's id. */
const HOLDER = /^h_/;

/** `[credits, need, lane, until, write]`; of these, how many it holds, and until when by its own clock. */
const share = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseTuple([v.number(), v.unknown(), v.unknown(), v.number()]),
);

/** Reads the items of flow control on DynamoDB, for those who only look on: half a read unit per 4 KB. */
export function createFlowStateStore(
  client: DynamoDBDocumentClient,
  table: string,
): FlowStateStore {
  return {
    async read(vendor, appKey, certificate, now) {
      const { Item = {} } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { pk: `flow/${vendor}/${appKey}/${certificate}` },
        }),
      );
      const limit = numberIn(Item, 'limit');
      if (limit === 0) return undefined;
      const held = Object.entries(Item).flatMap(([name, value]) => {
        const read = v.safeParse(share, HOLDER.test(name) ? value : undefined);
        if (!read.success) return [];
        const [credits, , , until] = read.output;
        return until > now ? [credits] : [];
      });
      const restsUntil = numberIn(Item, 'restsUntil');
      return {
        limitPerSecond: limit,
        learnedPerSecond: limit - numberIn(Item, 'cut'),
        heldPerSecond: held.reduce((sum, credits) => sum + credits, 0),
        containers: held.length,
        ...(restsUntil > now ? { restsUntil } : {}),
      };
    },
  };
}
