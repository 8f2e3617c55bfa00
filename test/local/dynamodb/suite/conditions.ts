import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newKey, type Store } from '../store';

/** Every kind of value, to hold conditions against. */
const ITEM = {
  n: 5,
  s: 'hello',
  blank: '',
  flag: false,
  nil: null,
  labels: new Set(['a', 'b']),
  parts: ['x', 1, { q: 'w' }],
  tree: { a: 1, b: { c: 'deep' } },
};

const TRUE_CONDITIONS: readonly (readonly [string, Record<string, unknown>?])[] = [
  ['n = :v', { ':v': 5 }],
  ['n <> :v', { ':v': '5' }],
  ['n < :v', { ':v': 10 }],
  ['n BETWEEN :v AND :w', { ':v': 5, ':w': 6 }],
  ['s IN (:v, :w)', { ':v': 'x', ':w': 'hello' }],
  ['begins_with(s, :v)', { ':v': 'he' }],
  ['contains(s, :v)', { ':v': 'ell' }],
  ['contains(labels, :v)', { ':v': 'a' }],
  ['contains(parts, :v)', { ':v': { q: 'w' } }],
  ['size(parts) = :v', { ':v': 3 }],
  ['attribute_exists(nil)'],
  ['attribute_exists(tree.b.c)'],
  ['attribute_not_exists(tree.x.y)'],
  ['attribute_type(blank, :v)', { ':v': 'S' }],
  ['attribute_type(flag, :v)', { ':v': 'BOOL' }],
  ['blank IN (:v, :w)', { ':v': '', ':w': 'x' }],
  ['flag IN (:v, :w)', { ':v': false, ':w': 'x' }],
  ['labels = :v', { ':v': new Set(['b', 'a']) }],
  ['parts = :v', { ':v': ['x', 1, { q: 'w' }] }],
  ['tree = :v', { ':v': { b: { c: 'deep' }, a: 1 } }],
  ['tree <> :v', { ':v': { a: 1 } }],
  ['tree.b.c = :v', { ':v': 'deep' }],
  ['parts[2].q = :v', { ':v': 'w' }],
  ['gone <> :v', { ':v': 1 }],
  ['tree.x.y <> gone'],
  ['(n = :v AND s = :v) OR NOT n = :w', { ':v': 5, ':w': 6 }],
];

const FALSE_CONDITIONS: readonly (readonly [string, Record<string, unknown>?])[] = [
  ['n = :v', { ':v': '5' }],
  ['gone = :v', { ':v': 5 }],
  ['gone < :v', { ':v': 5 }],
  ['tree.x.y = gone'],
  ['s BETWEEN :v AND gone', { ':v': '' }],
  ['parts = :v', { ':v': ['x', 1, { q: 'other' }] }],
  ['tree = :v', { ':v': { a: 1 } }],
  ['tree <> :v', { ':v': { a: 1, b: { c: 'deep' } } }],
  ['attribute_type(n, :v)', { ':v': 'S' }],
  ['contains(parts, :v)', { ':v': { q: 'other' } }],
];

export function testConditions(store: () => Store): void {
  /** Whether a condition lets an update through. */
  async function holds(pk: string, condition: string, values = {}): Promise<boolean> {
    const { client, items } = store();
    try {
      await client.send(
        new UpdateCommand({
          TableName: items,
          Key: { pk },
          UpdateExpression: 'SET seen = :seen',
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values, ':seen': 1 },
        }),
      );
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      return false;
    }
  }

  test('a write goes through exactly when its condition holds', async () => {
    const { client, items } = store();
    const pk = newKey();
    await client.send(new PutCommand({ TableName: items, Item: { pk, ...ITEM } }));
    for (const [condition, values] of TRUE_CONDITIONS) {
      expect([condition, await holds(pk, condition, values)]).toEqual([condition, true]);
    }
    for (const [condition, values] of FALSE_CONDITIONS) {
      expect([condition, await holds(pk, condition, values)]).toEqual([condition, false]);
    }
  });

  test('a refused write changes nothing and tells nothing unless asked', async () => {
    const { client, items: TableName } = store();
    const Item = { pk: newKey(), n: 1 };
    await client.send(new PutCommand({ TableName, Item }));
    const again = new PutCommand({
      TableName,
      Item: { pk: Item.pk, n: 2 },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    const error = await client.send(again).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toHaveProperty('Item', undefined);
    const read = await client.send(new GetCommand({ TableName, Key: { pk: Item.pk } }));
    expect(read.Item).toEqual(Item);
  });

  test('put, update and delete show the item that failed their condition', async () => {
    const { client, items: TableName } = store();
    const Item = { pk: newKey(), version: 7 };
    await client.send(new PutCommand({ TableName, Item }));
    const guard = {
      TableName,
      ConditionExpression: 'version = :v',
      ExpressionAttributeValues: { ':v': 6 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const Key = { pk: Item.pk };
    const shown = {
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: Item.pk }, version: { N: '7' } },
    };
    await expect(client.send(new PutCommand({ ...guard, Item }))).rejects.toMatchObject(shown);
    await expect(client.send(new DeleteCommand({ ...guard, Key }))).rejects.toMatchObject(shown);
    const update = { ...guard, Key, UpdateExpression: 'REMOVE extra' };
    await expect(client.send(new UpdateCommand(update))).rejects.toMatchObject(shown);
  });

  test('a failed condition on no item has nothing to show', async () => {
    const { client, items: TableName } = store();
    const update = new UpdateCommand({
      TableName,
      Key: { pk: newKey() },
      UpdateExpression: 'SET n = :n',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':n': 1 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const error = await client.send(update).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toHaveProperty('Item', undefined);
  });

  test('of fifty who claim an item at once one wins', async () => {
    const { client, items: TableName } = store();
    const pk = newKey();
    const claims = Array.from({ length: 50 }, (_, owner) =>
      client.send(
        new PutCommand({
          TableName,
          Item: { pk, owner },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    const results = await Promise.allSettled(claims);
    const winners = results.flatMap(({ status }, owner) => (status === 'fulfilled' ? [owner] : []));
    expect(winners).toHaveLength(1);
    const read = await client.send(
      new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }),
    );
    expect(read.Item?.['owner']).toBe(winners[0]);
  });
}
