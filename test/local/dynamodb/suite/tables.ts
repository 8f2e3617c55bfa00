import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createTable, type Store } from '../store';

export function testTables(store: () => Store): void {
  test('a table can be used as soon as it is made, and made again once it is deleted', async () => {
    const { client } = store();
    const TableName = 'short-lived';
    await createTable(client, TableName, ['pk']);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName,
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    await client.send(new PutCommand({ TableName, Item: { pk: 'a' } }));
    await expect(createTable(client, TableName, ['pk'])).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await client.send(new DeleteTableCommand({ TableName }));
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(expect.arrayContaining(['items', 'ranges']));
    expect(TableNames).not.toContain(TableName);
    await createTable(client, TableName, ['pk']);
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk: 'a' } }));
    expect(Item).toBeUndefined();
  });

  test('time to live is switched on for one attribute, and off again', async () => {
    const { client, ranges: TableName } = store();
    const change = (AttributeName: string, Enabled: boolean) =>
      client.send(
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: { AttributeName, Enabled },
        }),
      );
    const status = async () => {
      const answer = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      return answer.TimeToLiveDescription;
    };
    expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await change('expiresAt', true);
    expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    await expect(change('expiresAt', true)).rejects.toThrow('TimeToLive is already enabled');
    await expect(change('other', true)).rejects.toThrow('active on a different AttributeName');
    await change('expiresAt', false);
    await expect(change('expiresAt', false)).rejects.toThrow('TimeToLive is already disabled');
  });

  test('a secondary index follows its items', async () => {
    const { client } = store();
    const TableName = 'indexed';
    const IndexName = 'by-owner';
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'owned', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName,
            KeySchema: [{ AttributeName: 'owned', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    const put = (pk: string, owned: string) =>
      client.send(new PutCommand({ TableName, Item: { pk, owned } }));
    const ownedBy = async (owner: string) => {
      const query = new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression: 'owned = :o',
        ExpressionAttributeValues: { ':o': owner },
      });
      return (await client.send(query)).Items?.map((item) => item['pk']).toSorted();
    };
    await put('a', 'ann');
    await put('b', 'ann');
    await put('b', 'bob');
    await put('c', 'ann');
    await client.send(new DeleteCommand({ TableName, Key: { pk: 'c' } }));
    expect([await ownedBy('ann'), await ownedBy('bob')]).toEqual([['a'], ['b']]);
  });

  test('what is not there is not found', async () => {
    const { client } = store();
    const missing = { name: 'ResourceNotFoundException' };
    const TableName = 'nowhere';
    const get = new GetCommand({ TableName, Key: { pk: 'a' } });
    await expect(client.send(get)).rejects.toMatchObject(missing);
    await expect(client.send(new DescribeTimeToLiveCommand({ TableName }))).rejects.toMatchObject(
      missing,
    );
  });

  test.each([
    ['a key of another type', { pk: 1 }],
    ['an empty key', { pk: '' }],
    ['no key', { other: 'a' }],
    ['more than 400 KB', { pk: 'a', body: 'x'.repeat(409_600) }],
    ['more than 400 KB in bytes', { pk: 'a', body: '中'.repeat(140_000) }],
  ])('%s is refused', async (_, Item) => {
    const { client, items: TableName } = store();
    await expect(client.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
}
