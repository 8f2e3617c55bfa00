import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { type Acknowledgement, type AckStore, ackKey } from '../model/acknowledgement';
import { chunk } from '../model/chunk';
import { DAY_MS } from '../model/time';
import { batchGet } from './batch-get';
import { numberIn } from './stored-json';

const BATCH_GET_ITEMS = 100;
const SORT_KEY = 'devices';

/** Acknowledgements on DynamoDB: an item for each message and account, with a set of its devices. */
export function createAckStore(client: DynamoDBDocumentClient, table: string): AckStore {
  return {
    async save(appKey, acks, now) {
      const items = Map.groupBy(acks, (ack) => itemKey(appKey, ack));
      await pMap(
        items,
        ([pk, same]) =>
          client.send(
            new UpdateCommand({
              TableName: table,
              Key: { pk, sk: SORT_KEY },
              UpdateExpression: 'ADD devices :devices SET expiresAt = :expiresAt',
              ExpressionAttributeValues: {
                ':devices': new Set(same.map(({ deviceId }) => deviceId)),
                ':expiresAt': Math.ceil((now + DAY_MS) / 1000),
              },
            }),
          ),
        { concurrency: 20 },
      );
    },

    async among(appKey, asked, now) {
      const items = Map.groupBy(asked, (ack) => itemKey(appKey, ack));
      const pages = await pMap(chunk([...items.keys()], BATCH_GET_ITEMS), (some) =>
        batchGet(
          client,
          table,
          some.map((pk) => ({ pk, sk: SORT_KEY })),
          { ConsistentRead: true },
        ),
      );
      const found = pages.flat().flatMap((item) => {
        const isOver = numberIn(item, 'expiresAt') * 1000 <= now;
        const devices = !isOver && item['devices'] instanceof Set ? item['devices'] : new Set();
        const same = items.get(String(item['pk'])) ?? [];
        return same.filter(({ deviceId }) => devices.has(deviceId)).map(ackKey);
      });
      return new Set(found);
    },
  };
}

function itemKey(appKey: string, { messageId, accountId }: Acknowledgement): string {
  return `ack/${appKey}/${messageId}/${accountId}`;
}
