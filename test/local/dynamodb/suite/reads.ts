import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { newKey, type Store } from '../store';

const SORTED = ['10', '9', 'Z', 'a', 'ab', 'b', 'ba/1', 'ba/2', 'c', '~', 'é', '中'];

export function testReads(store: () => Store): void {
  async function write(table: string, items: readonly Record<string, unknown>[]): Promise<void> {
    for (let from = 0; from < items.length; from += 25) {
      const writes = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
      await store().client.send(new BatchWriteCommand({ RequestItems: { [table]: writes } }));
    }
  }

  async function writeSorted(): Promise<string> {
    const pk = newKey();
    const items = SORTED.map((sk, index) => ({
      pk,
      sk,
      place: index,
      tree: { x: [index, 'q'], y: 'z' },
    }));
    await write(store().ranges, items.toReversed());
    return pk;
  }

  async function query(pk: string, input: Partial<QueryCommandInput>, values = {}) {
    const { client, ranges } = store();
    return client.send(
      new QueryCommand({
        TableName: ranges,
        KeyConditionExpression: 'pk = :pk',
        ...input,
        ExpressionAttributeValues: { ':pk': pk, ...values },
      }),
    );
  }

  test('a batch reads a hundred items and leaves out what is not there', async () => {
    const { client, items } = store();
    const prefix = newKey();
    const all = Array.from({ length: 100 }, (_, index) => ({ pk: `${prefix}-${index}`, index }));
    await write(items, all.slice(0, 90));
    const keys = all.map(({ pk }) => ({ pk }));
    const read = await client.send(
      new BatchGetCommand({ RequestItems: { [items]: { Keys: keys } } }),
    );
    expect(read.UnprocessedKeys).toEqual({});
    expect(read.Responses?.[items]).toHaveLength(90);
    expect(read.Responses?.[items]).toEqual(expect.arrayContaining(all.slice(0, 90)));
    const tooMany = [...keys, { pk: 'one more' }];
    await expect(
      client.send(new BatchGetCommand({ RequestItems: { [items]: { Keys: tooMany } } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a batch reads more than a megabyte', async () => {
    const { client, items } = store();
    const pks = Array.from({ length: 20 }, newKey);
    const text = 'x'.repeat(100_000);
    await write(
      items,
      pks.map((pk) => ({ pk, text })),
    );
    const Keys = pks.map((pk) => ({ pk }));
    const read = await client.send(new BatchGetCommand({ RequestItems: { [items]: { Keys } } }));
    expect(read.Responses?.[items]).toHaveLength(20);
  });

  test('a query answers in the order of the range key', async () => {
    const pk = await writeSorted();
    const forward = await query(pk, {});
    expect(forward.Items?.map((item) => item['sk'])).toEqual(SORTED);
    const backward = await query(pk, { ScanIndexForward: false });
    expect(backward.Items?.map((item) => item['sk'])).toEqual(SORTED.toReversed());
  });

  test.each([
    ['begins_with(sk, :a)', { ':a': 'ba/' }, ['ba/1', 'ba/2']],
    ['sk BETWEEN :a AND :b', { ':a': 'ab', ':b': 'ba/1' }, ['ab', 'b', 'ba/1']],
    ['sk < :a', { ':a': 'a' }, ['10', '9', 'Z']],
    ['sk >= :a', { ':a': '~' }, ['~', 'é', '中']],
    ['sk = :a', { ':a': 'b' }, ['b']],
  ])('a query by %s', async (condition, values, expected) => {
    const pk = await writeSorted();
    const read = await query(pk, { KeyConditionExpression: `pk = :pk AND ${condition}` }, values);
    expect(read.Items?.map((item) => item['sk'])).toEqual(expected);
  });

  test('pages of five join into the whole', async () => {
    const { client, ranges } = store();
    const pk = await writeSorted();
    const pages: unknown[][] = [];
    const input = {
      TableName: ranges,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    };
    for await (const { Items = [] } of paginateQuery({ client, pageSize: 5 }, input)) {
      pages.push(Items.map((item) => item['sk']));
    }
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(SORTED);
  });

  test('a page ends at a megabyte', async () => {
    const pk = newKey();
    const text = 'x'.repeat(200_000);
    await write(
      store().ranges,
      [1, 2, 3, 4, 5, 6, 7].map((sk) => ({ pk, sk: `${sk}`, text })),
    );
    const read = await query(pk, { ProjectionExpression: 'sk' });
    expect(read.Count).toBe(6);
    expect(read.LastEvaluatedKey).toEqual({ pk, sk: '6' });
  });

  test('a filter drops after the limit counts', async () => {
    const pk = await writeSorted();
    const read = await query(pk, { Limit: 4, FilterExpression: 'place > :i' }, { ':i': 2 });
    expect([read.ScannedCount, read.Count]).toEqual([4, 1]);
    expect(read.LastEvaluatedKey).toEqual({ pk, sk: 'a' });
  });

  test('a projection answers the asked parts', async () => {
    const { client, ranges } = store();
    const pk = await writeSorted();
    const read = await client.send(
      new GetCommand({
        TableName: ranges,
        Key: { pk, sk: 'b' },
        ProjectionExpression: 'sk, #m.x[1], #m.gone',
        ExpressionAttributeNames: { '#m': 'tree' },
      }),
    );
    expect(read.Item).toEqual({ sk: 'b', tree: { x: ['q'] } });
  });

  test('a scan meets every item once', async () => {
    const { client, ranges } = store();
    const pk = await writeSorted();
    const found: unknown[] = [];
    const input = {
      TableName: ranges,
      FilterExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    };
    for await (const { Items = [] } of paginateScan({ client, pageSize: 10 }, input)) {
      found.push(...Items.map((item) => item['sk']));
    }
    expect(found.toSorted()).toEqual(SORTED.toSorted());
  });
}
