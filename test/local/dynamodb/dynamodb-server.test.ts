import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeContinuousBackupsCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb-server';
import type { Subject } from './describe-store';
import { createClient, createTable, newKey } from './store';

const TableName = 'items';
const ReturnConsumedCapacity = 'TOTAL';
const SWEEP_MS = 40;

let server: Subject;
let client: DynamoDBDocumentClient;
beforeAll(async () => {
  server = await startDynamoDb({ ttlSweepMs: SWEEP_MS });
  client = createClient(server.url);
  await createTable(client, TableName, ['pk']);
  await createTable(client, 'ranges', ['pk', 'sk']);
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function put(attributes: Record<string, unknown>): Promise<string> {
  const pk = newKey();
  await client.send(new PutCommand({ TableName, Item: { pk, ...attributes } }));
  return pk;
}

async function exists(pk: string): Promise<boolean> {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { pk } }));
  return Item !== undefined;
}

describe('time to live', () => {
  const setTimeToLive = (Enabled: boolean) =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled },
      }),
    );
  const now = Math.floor(Date.now() / 1000);

  test('expired items are deleted by the sweep, and no others', async () => {
    const expired = await put({ expiresAt: now - 10 });
    const kept = [
      await put({ expiresAt: now + 60 }),
      await put({ expiresAt: `${now - 10}` }),
      await put({ expiresAt: 0 }),
      await put({ other: now - 10 }),
    ];
    await pause(3 * SWEEP_MS);
    expect(await exists(expired)).toBe(true);
    await setTimeToLive(true);
    while (await exists(expired)) await pause(SWEEP_MS);
    expect(await Promise.all(kept.map(exists))).toEqual([true, true, true, true]);
    await setTimeToLive(false);
  });

  test('an item renewed before it expires stays', async () => {
    await setTimeToLive(true);
    const pk = await put({ expiresAt: now + 60 });
    await client.send(new PutCommand({ TableName, Item: { pk, expiresAt: now + 600 } }));
    await pause(3 * SWEEP_MS);
    expect(await exists(pk)).toBe(true);
    await setTimeToLive(false);
  });
});

describe('continuous backups', () => {
  test('point-in-time recovery is off until switched on', async () => {
    const describe = new DescribeContinuousBackupsCommand({ TableName });
    const before = await client.send(describe);
    expect(before.ContinuousBackupsDescription).toEqual({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: true,
          RecoveryPeriodInDays: 7,
        },
      }),
    );
    const after = await client.send(describe);
    expect(after.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 7,
      EarliestRestorableDateTime: expect.any(Date),
      LatestRestorableDateTime: expect.any(Date),
    });
  });
});

// AWS's emulator answers 0 for the first two and bills the third as a write; AWS documents otherwise:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
describe('billing of what is not there', () => {
  test('a key missing from a batch costs as much as a small item', async () => {
    const Keys = [{ pk: newKey() }, { pk: newKey() }];
    const read = (ConsistentRead: boolean) =>
      client.send(
        new BatchGetCommand({
          RequestItems: { [TableName]: { Keys, ConsistentRead } },
          ReturnConsumedCapacity,
        }),
      );
    expect((await read(false)).ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 1 }]);
    expect((await read(true)).ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 }]);
  });

  test('a query that finds nothing costs as much as a small item', async () => {
    const { ConsumedCapacity } = await client.send(
      new QueryCommand({
        TableName: 'ranges',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': newKey() },
        ReturnConsumedCapacity,
      }),
    );
    expect(ConsumedCapacity?.CapacityUnits).toBe(0.5);
  });

  test('a repeated transaction is billed as a transactional read', async () => {
    const transaction = new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { pk: newKey(), body: 'x'.repeat(5_000) } } },
        { Put: { TableName, Item: { pk: newKey() } } },
      ],
      ClientRequestToken: newKey(),
      ReturnConsumedCapacity,
    });
    const first = await client.send(transaction);
    expect(first.ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 12, WriteCapacityUnits: 12 },
    ]);
    const second = await client.send(transaction);
    expect(second.ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 6, ReadCapacityUnits: 6 },
    ]);
  });
});

describe('the endpoint', () => {
  test('takes any region and sees the same tables', async () => {
    const pk = await put({ n: 1 });
    const abroad = createClient(server.url, 'cn-north-1');
    const { Item } = await abroad.send(new GetCommand({ TableName, Key: { pk } }));
    expect(Item).toEqual({ pk, n: 1 });
    abroad.destroy();
  });

  test.each([
    ['an unknown operation', 'DynamoDB_20120810.ExecuteStatement', '{}'],
    ['another service', 'TrentService.Encrypt', '{}'],
    ['a name of no operation', 'DynamoDB_20120810.constructor', '{}'],
  ])('refuses %s', async (_, target, body) => {
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': target },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: expect.stringContaining('#UnknownOperationException'),
    });
  });

  test.each(['', 'no JSON', 'null', '[1'])('refuses the body %j', async (body) => {
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: expect.stringContaining('#SerializationException'),
    });
  });

  test('answers the request under way, then closes', async () => {
    const other = await startDynamoDb();
    const sent = request(other.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-length': 2 },
    });
    const answered = once(sent, 'response');
    sent.write('{');
    await pause(50);
    const closed = other.close();
    sent.end('}');
    const [answer] = await answered;
    expect(answer).toHaveProperty('statusCode', 200);
    answer.resume();
    await closed;
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

test('tags are kept until they are taken off', async () => {
  const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
  const tags = async () => {
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    return Tags;
  };
  const Tags = [
    { Key: '用途', Value: 'push' },
    { Key: 'stage', Value: 'local' },
  ];
  await client.send(new TagResourceCommand({ ResourceArn, Tags }));
  expect(await tags()).toEqual(expect.arrayContaining(Tags));
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['stage'] }));
  expect(await tags()).toEqual(Tags.slice(0, 1));
});
