import { randomUUID } from 'node:crypto';
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { newKey, type Store } from '../store';

type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

export function testTransactions(store: () => Store): void {
  const transact = (TransactItems: Actions, ClientRequestToken = randomUUID()) =>
    store().client.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));

  async function read(pk: string) {
    const { client, items: TableName } = store();
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }),
    );
    return Item;
  }

  const put = (pk: string, attributes = {}, more = {}) => ({
    Put: { TableName: store().items, Item: { pk, ...attributes }, ...more },
  });
  const add = (pk: string, value = 1) => ({
    Update: {
      TableName: store().items,
      Key: { pk },
      UpdateExpression: 'ADD hits :v',
      ExpressionAttributeValues: { ':v': value },
    },
  });

  test('put, update, delete and check happen together, across tables', async () => {
    const { client, items, ranges } = store();
    const [made, counted, deleted] = [newKey(), newKey(), newKey()];
    await client.send(new PutCommand({ TableName: items, Item: { pk: deleted } }));
    await client.send(new PutCommand({ TableName: ranges, Item: { pk: made, sk: 'a' } }));
    await transact([
      put(made, { n: 1 }),
      add(counted),
      { Delete: { TableName: items, Key: { pk: deleted } } },
      {
        ConditionCheck: {
          TableName: ranges,
          Key: { pk: made, sk: 'a' },
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ]);
    expect(await read(made)).toEqual({ pk: made, n: 1 });
    expect(await read(counted)).toEqual({ pk: counted, hits: 1 });
    expect(await read(deleted)).toBeUndefined();
  });

  test('one failed condition cancels everything and says which and why', async () => {
    const { client, items: TableName } = store();
    const [fresh, taken] = [newKey(), newKey()];
    await client.send(new PutCommand({ TableName, Item: { pk: taken, owner: 'first' } }));
    const isFree = { ConditionExpression: 'attribute_not_exists(pk)' };
    const shown = { ...isFree, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const error: unknown = await transact([
      put(fresh),
      put(taken, { owner: 'second' }, shown),
      { ConditionCheck: { TableName, Key: { pk: newKey() }, ConditionExpression: 'n = n2' } },
    ]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { pk: { S: taken }, owner: { S: 'first' } } },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await read(fresh)).toBeUndefined();
    expect(await read(taken)).toEqual({ pk: taken, owner: 'first' });
  });

  test('a repetition with the same token changes nothing, another request with it is refused', async () => {
    const pk = newKey();
    const token = randomUUID();
    await transact([add(pk)], token);
    await transact([add(pk)], token);
    expect(await read(pk)).toEqual({ pk, hits: 1 });
    await expect(transact([add(pk, 2)], token)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    await transact([add(pk)]);
    expect(await read(pk)).toEqual({ pk, hits: 2 });
  });

  test('a cancelled transaction may be tried again with its token', async () => {
    const { client, items: TableName } = store();
    const pk = newKey();
    const token = randomUUID();
    const guarded = [put(pk, { n: 2 }, { ConditionExpression: 'attribute_exists(pk)' })];
    await expect(transact(guarded, token)).rejects.toThrow('ConditionalCheckFailed');
    await client.send(new PutCommand({ TableName, Item: { pk } }));
    await transact(guarded, token);
    expect(await read(pk)).toEqual({ pk, n: 2 });
  });

  test('a hundred actions are taken, one more or none is refused', async () => {
    const pks = Array.from({ length: 101 }, newKey);
    const refused = { name: 'ValidationException' };
    await expect(transact(pks.map((pk) => put(pk)))).rejects.toMatchObject(refused);
    await expect(transact([])).rejects.toMatchObject(refused);
    await transact(pks.slice(0, 100).map((pk) => put(pk)));
    const { client, items } = store();
    const Keys = pks.slice(0, 100).map((pk) => ({ pk }));
    const stored = await client.send(new BatchGetCommand({ RequestItems: { [items]: { Keys } } }));
    expect(stored.Responses?.[items]).toHaveLength(100);
    expect(await read(pks[100] ?? '')).toBeUndefined();
  });

  test('two actions on one item, an unknown table and 4 MB are refused', async () => {
    const pk = newKey();
    await expect(transact([put(pk), add(pk)])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    const elsewhere = { Put: { TableName: 'nowhere', Item: { pk } } };
    await expect(transact([elsewhere])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const large = Array.from({ length: 11 }, () => put(newKey(), { body: 'x'.repeat(390_000) }));
    await expect(transact(large)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await read(pk)).toBeUndefined();
  });

  test('forty transactions at once on the same two items all count, on both', async () => {
    const [one, two] = [newKey(), newKey()];
    await Promise.all(Array.from({ length: 40 }, () => transact([add(one), add(two)])));
    expect(await read(one)).toEqual({ pk: one, hits: 40 });
    expect(await read(two)).toEqual({ pk: two, hits: 40 });
  });

  test('a transactional read sees both halves of every transaction', async () => {
    const { client, items: TableName } = store();
    const [one, two] = [newKey(), newKey()];
    const Gets = [one, two].map((pk) => ({ Get: { TableName, Key: { pk } } }));
    const reads = Array.from({ length: 20 }, async () => {
      await transact([add(one), add(two)]);
      const { Responses } = await client.send(new TransactGetCommand({ TransactItems: Gets }));
      return Responses?.map(({ Item }) => Item?.['hits']);
    });
    for (const pair of await Promise.all(reads)) expect(pair?.[0]).toBe(pair?.[1]);
  });

  test('a transactional read answers in order, with nothing for what is not there', async () => {
    const { client, items: TableName } = store();
    const [there, gone] = [newKey(), newKey()];
    await transact([put(there, { n: 1, m: 2 })]);
    const { Responses } = await client.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName, Key: { pk: gone } } },
          { Get: { TableName, Key: { pk: there }, ProjectionExpression: 'm' } },
        ],
      }),
    );
    expect(Responses).toEqual([{}, { Item: { m: 2 } }]);
  });
}
