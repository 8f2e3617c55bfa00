import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newKey, type Store } from '../store';

const ITEM = {
  n: 5,
  s: 'word',
  labels: new Set(['a', 'b']),
  parts: ['p', 'q', 'r', 's'],
  tree: { a: 1, b: { c: 'deep' } },
};

/** An update with its values, and the attributes it changes. */
const UPDATES: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ['SET n = n + :v', { ':v': 2 }, { n: 7 }],
  ['SET m = if_not_exists(m, :z) + :v', { ':z': 0, ':v': 1 }, { m: 1 }],
  ['ADD n :v, m :v', { ':v': 3 }, { n: 8, m: 3 }],
  ['SET t = s, s = :v', { ':v': 'new' }, { t: 'word', s: 'new' }],
  ['SET tree.b.c = :v, tree.b.d = :v', { ':v': 1 }, { tree: { a: 1, b: { c: 1, d: 1 } } }],
  ['REMOVE tree.a SET tree.x = :v', { ':v': [] }, { tree: { b: { c: 'deep' }, x: [] } }],
  ['ADD tree.a :v', { ':v': 1 }, { tree: { a: 2, b: { c: 'deep' } } }],
  ['REMOVE parts[0], parts[2]', {}, { parts: ['q', 's'] }],
  ['REMOVE parts[0] SET parts[1] = :v', { ':v': 'Q' }, { parts: ['Q', 'r', 's'] }],
  ['SET parts[9] = :v', { ':v': 'end' }, { parts: ['p', 'q', 'r', 's', 'end'] }],
  ['SET parts = list_append(:v, parts)', { ':v': ['o'] }, { parts: ['o', 'p', 'q', 'r', 's'] }],
  ['ADD labels :v', { ':v': new Set(['b', 'c']) }, { labels: new Set(['a', 'b', 'c']) }],
  ['DELETE labels :v', { ':v': new Set(['a', 'b']) }, { labels: undefined }],
  ['REMOVE gone, s', {}, { s: undefined }],
];

const REFUSED_UPDATES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['SET tree.x.y = :v', { ':v': 1 }],
  ['SET s.x = :v', { ':v': 1 }],
  ['ADD s :v', { ':v': 1 }],
  ['SET n = s + :v', { ':v': 1 }],
  ['SET n = gone', {}],
  ['SET pk = :v', { ':v': 'other' }],
  ['SET n = :v, n = :v', { ':v': 1 }],
  ['SET state = :v', { ':v': 1 }],
];

export function testUpdates(store: () => Store): void {
  async function update(expression: string, values: Record<string, unknown> = {}) {
    const { client, items: TableName } = store();
    const pk = newKey();
    await client.send(new PutCommand({ TableName, Item: { pk, ...ITEM } }));
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk },
        UpdateExpression: expression,
        ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk } }));
    expect(Item).toEqual(Attributes);
    return { ...Item, pk: undefined };
  }

  test.each(UPDATES)('%s', async (expression, values, changed) => {
    expect(await update(expression, values)).toEqual({ ...ITEM, ...changed });
  });

  test.each(REFUSED_UPDATES)('%s is refused', async (expression, values) => {
    await expect(update(expression, values)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
  });

  test('an update makes the item it does not find', async () => {
    const { client, items: TableName } = store();
    const pk = newKey();
    await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk },
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeValues: { ':v': '中文 🙂' },
      }),
    );
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk } }));
    expect(Item).toEqual({ pk, a: '中文 🙂' });
  });

  test('a hundred additions at once all count', async () => {
    const { client, items: TableName } = store();
    const pk = newKey();
    await Promise.all(
      Array.from({ length: 100 }, () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { pk },
            UpdateExpression: 'ADD hits :one',
            ExpressionAttributeValues: { ':one': 1 },
          }),
        ),
      ),
    );
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk } }));
    expect(Item).toEqual({ pk, hits: 100 });
  });
}
