import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { newKey, type Store } from '../store';

const ReturnConsumedCapacity = 'TOTAL';
/** A name of two bytes and a key of eight. */
const KEY_BYTES = 10;

export function testBilling(store: () => Store): void {
  const key = () => newKey().padEnd(8, '.').slice(0, 8);

  /** Puts an item of so many bytes and answers the units. */
  async function put(pk: string, bytes: number, letter = 'x'): Promise<number | undefined> {
    const { client, items: TableName } = store();
    const body = letter.repeat((bytes - KEY_BYTES - 1) / Buffer.byteLength(letter));
    const Item = { pk, b: body };
    const { ConsumedCapacity } = await client.send(
      new PutCommand({ TableName, Item, ReturnConsumedCapacity }),
    );
    expect(ConsumedCapacity?.TableName).toBe(TableName);
    return ConsumedCapacity?.CapacityUnits;
  }

  async function get(pk: string, ConsistentRead: boolean): Promise<number | undefined> {
    const { client, items: TableName } = store();
    const { ConsumedCapacity } = await client.send(
      new GetCommand({ TableName, Key: { pk }, ConsistentRead, ReturnConsumedCapacity }),
    );
    return ConsumedCapacity?.CapacityUnits;
  }

  test('a write costs a unit for each kilobyte begun, by the larger of old and new', async () => {
    const pk = key();
    expect(await put(pk, 1_024)).toBe(1);
    expect(await put(pk, 1_025)).toBe(2);
    expect(await put(pk, 20)).toBe(2);
    expect(await put(pk, 20)).toBe(1);
    expect(await put(key(), 10_241)).toBe(11);
  });

  test('texts are measured in bytes', async () => {
    expect(await put(key(), KEY_BYTES + 1 + 3 * 337, '中')).toBe(1);
    expect(await put(key(), KEY_BYTES + 1 + 3 * 338, '中')).toBe(2);
  });

  test('an update costs the whole item, a delete what it deletes, in vain one unit', async () => {
    const { client, items: TableName } = store();
    const pk = key();
    await put(pk, 3_000);
    const update = new UpdateCommand({
      TableName,
      Key: { pk },
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': 1 },
      ReturnConsumedCapacity,
    });
    expect((await client.send(update)).ConsumedCapacity?.CapacityUnits).toBe(3);
    const remove = new DeleteCommand({ TableName, Key: { pk }, ReturnConsumedCapacity });
    expect((await client.send(remove)).ConsumedCapacity?.CapacityUnits).toBe(3);
    expect((await client.send(remove)).ConsumedCapacity?.CapacityUnits).toBe(1);
  });

  test('a read costs a unit for each 4 KB begun, half when eventually consistent', async () => {
    const pk = key();
    await put(pk, 4_096);
    expect([await get(pk, true), await get(pk, false)]).toEqual([1, 0.5]);
    await put(pk, 4_097);
    expect([await get(pk, true), await get(pk, false)]).toEqual([2, 1]);
    expect([await get(key(), true), await get(key(), false)]).toEqual([1, 0.5]);
  });

  test('a batch read rounds every item by itself', async () => {
    const { client, items } = store();
    const pks = [key(), key(), key()];
    await put(pks[0] ?? '', 20);
    await put(pks[1] ?? '', 4_097);
    await put(pks[2] ?? '', 8_192);
    const Keys = pks.map((pk) => ({ pk }));
    const { ConsumedCapacity } = await client.send(
      new BatchGetCommand({ RequestItems: { [items]: { Keys } }, ReturnConsumedCapacity }),
    );
    expect(ConsumedCapacity).toMatchObject([{ TableName: items, CapacityUnits: 2.5 }]);
  });

  test('a query rounds the sum of what it read, filtered or not', async () => {
    const { client, ranges: TableName } = store();
    const pk = key();
    for (const sk of ['1', '2', '3']) {
      await client.send(new PutCommand({ TableName, Item: { pk, sk, b: 'x'.repeat(3_000) } }));
    }
    const query = (ConsistentRead: boolean) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'size(b) < :n',
          ExpressionAttributeValues: { ':pk': pk, ':n': 2 },
          ConsistentRead,
          ReturnConsumedCapacity,
        }),
      );
    const read = await query(false);
    expect([read.Count, read.ConsumedCapacity?.CapacityUnits]).toEqual([0, 1.5]);
    expect((await query(true)).ConsumedCapacity?.CapacityUnits).toBe(3);
  });

  test('in a transaction everything costs twice, a condition check like a write', async () => {
    const { client, items, ranges } = store();
    const [small, large] = [key(), key()];
    await put(large, 5_000);
    const write = new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: items, Item: { pk: small } } },
        { Delete: { TableName: items, Key: { pk: large } } },
        {
          ConditionCheck: {
            TableName: ranges,
            Key: { pk: small, sk: 'x' },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ],
      ReturnConsumedCapacity,
    });
    const written = await client.send(write);
    expect(written.ConsumedCapacity).toHaveLength(2);
    expect(written.ConsumedCapacity).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ TableName: items, CapacityUnits: 12 }),
        expect.objectContaining({ TableName: ranges, CapacityUnits: 2 }),
      ]),
    );
    const Gets = [small, large].map((pk) => ({ Get: { TableName: items, Key: { pk } } }));
    const read = await client.send(
      new TransactGetCommand({ TransactItems: Gets, ReturnConsumedCapacity }),
    );
    expect(read.ConsumedCapacity).toMatchObject([{ TableName: items, CapacityUnits: 4 }]);
  });

  test('nobody is told what was not asked', async () => {
    const { client, items: TableName } = store();
    const { ConsumedCapacity } = await client.send(
      new PutCommand({ TableName, Item: { pk: key() } }),
    );
    expect(ConsumedCapacity).toBeUndefined();
  });
}
