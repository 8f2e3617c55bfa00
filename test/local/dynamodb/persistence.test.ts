import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb-server';
import { startServerProcess } from './server-process';
import { createClient, createTable } from './store';

const TableName = 'items';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-push-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Works on the folder with a server that is started before and closed after. */
async function withServer(work: (client: DynamoDBDocumentClient) => Promise<void>): Promise<void> {
  const server = await startDynamoDb({ folder });
  const client = createClient(server.url);
  try {
    await work(client);
  } finally {
    client.destroy();
    await server.close();
  }
}

async function read(client: DynamoDBDocumentClient, pk: string) {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { pk } }));
  return Item;
}

function add(pk: string) {
  return {
    Update: {
      TableName,
      Key: { pk },
      UpdateExpression: 'ADD hits :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
}

test('tables, items and settings survive a restart', async () => {
  await withServer(async (client) => {
    await createTable(client, TableName, ['pk']);
    await createTable(client, 'ranges', ['pk', 'sk']);
    await client.send(new PutCommand({ TableName, Item: { pk: '账号', n: 1 } }));
    for (const sk of ['b', 'a']) {
      await client.send(new PutCommand({ TableName: 'ranges', Item: { pk: 'p', sk } }));
    }
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(
      new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
    );
  });
  await withServer(async (client) => {
    expect(await read(client, '账号')).toEqual({ pk: '账号', n: 1 });
    const query = new QueryCommand({
      TableName: 'ranges',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': 'p' },
    });
    expect((await client.send(query)).Items?.map((item) => item['sk'])).toEqual(['a', 'b']);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('expiresAt');
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
  });
});

test('a transaction repeated after a restart is still known', async () => {
  const transaction = new TransactWriteCommand({
    TransactItems: [add('a')],
    ClientRequestToken: randomUUID(),
  });
  await withServer(async (client) => {
    await createTable(client, TableName, ['pk']);
    await client.send(transaction);
  });
  await withServer(async (client) => {
    await client.send(transaction);
    expect(await read(client, 'a')).toEqual({ pk: 'a', hits: 1 });
  });
});

test('a folder serves one store at a time', async () => {
  await withServer(async () => {
    await expect(startDynamoDb({ folder })).rejects.toThrow('cannot be opened');
  });
});

test('a transaction cut off on its way to the disk is gone as a whole', async () => {
  const pks = Array.from({ length: 50 }, (_, index) => `item-${index}`);
  await withServer(async (client) => {
    await createTable(client, TableName, ['pk']);
    const puts = pks.map((pk) => ({ Put: { TableName, Item: { pk, body: 'x'.repeat(5_000) } } }));
    await client.send(new TransactWriteCommand({ TransactItems: [add('before')] }));
    await client.send(new TransactWriteCommand({ TransactItems: puts }));
  });
  const log = await newestLog(folder);
  const { size } = await stat(log);
  expect(size).toBeGreaterThan(250_000);
  await truncate(log, size - 100_000);
  await withServer(async (client) => {
    expect(await read(client, 'before')).toEqual({ pk: 'before', hits: 1 });
    const found = await Promise.all(pks.map((pk) => read(client, pk)));
    expect(found.filter((item) => item !== undefined)).toEqual([]);
  });
});

async function newestLog(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log'));
  return join(directory, names.toSorted().at(-1) ?? '');
}

test('a killed server keeps every answered transaction and no half of another', async () => {
  let answered = 0;
  for (let round = 0; round < 3; round++) {
    const server = await startServerProcess(folder);
    const client = createClient(server.url);
    if (round === 0) await createTable(client, TableName, ['pk']);
    const storm = Array.from({ length: 8 }, async () => {
      for (;;) {
        const TransactItems = [add('one'), add('two')];
        await client.send(new TransactWriteCommand({ TransactItems }));
        answered += 1;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 250 + 100 * round));
    await server.kill();
    const ends = await Promise.allSettled(storm);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    client.destroy();
    await withServer(async (reader) => {
      const [one, two] = [await read(reader, 'one'), await read(reader, 'two')];
      expect(one?.['hits']).toBe(two?.['hits']);
      // those on their way when the server died may or may not have been stored
      expect(one?.['hits']).toBeGreaterThanOrEqual(answered);
      expect(one?.['hits']).toBeLessThanOrEqual(answered + 8 * (round + 1));
    });
  }
  expect(answered).toBeGreaterThan(50);
});
