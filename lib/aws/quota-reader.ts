import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { QuotaReader } from '../model/flow-state';
import { classKey, counterKey } from './quota-store';
import { numberIn } from './stored-json';

/** Reads what the senders count on DynamoDB, for those who only look on: half a read unit a number. */
export function createQuotaReader(client: DynamoDBDocumentClient, table: string): QuotaReader {
  async function numberAt(pk: string, name: string): Promise<number> {
    const { Item = {} } = await client.send(new GetCommand({ TableName: table, Key: { pk } }));
    return numberIn(Item, name);
  }

  return {
    used: (of, day) => numberAt(counterKey({ of, period: day }), 'used'),

    async pausedUntil(of, now) {
      const until = await numberAt(classKey(of), 'pausedUntil');
      return until > now ? until : undefined;
    },
  };
}
