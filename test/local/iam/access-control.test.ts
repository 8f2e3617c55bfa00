import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb-server';
import { AccessControl } from '../../../local/iam/access-control';
import type { Statement } from '../../../local/iam/policy';
import { startKms } from '../../../local/kms/kms-server';
import { startSqs } from '../../../local/sqs/sqs-server';
import { createClient, createTable } from '../dynamodb/store';

const TableName = 'items';
const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:1:table/items';

/** Whatever was started, to be closed at the end. */
const running: { close(): Promise<void> }[] = [];
const clients: { destroy(): void }[] = [];

let access: AccessControl;
let table: DynamoDBDocumentClient;
let outside: DynamoDBDocumentClient;
let kms: KMSClient;
let sqs: SQSClient;
let queueUrl: (name: string) => string;
let keyId: string;

const onItems = (actions: readonly string[], ...patterns: readonly string[]): Statement => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [TABLE_ARN],
  allLike: { 'dynamodb:LeadingKeys': patterns },
  equal: {},
});

beforeAll(async () => {
  access = new AccessControl();
  const [dynamoDb, keys, queues] = await Promise.all([
    startDynamoDb({ admit: access.doorOf('dynamodb') }),
    startKms({ admit: access.doorOf('kms') }),
    startSqs({ admit: access.doorOf('sqs') }),
  ]);
  running.push(dynamoDb, keys, queues);
  const { arn: queueArn } = queues.createQueue('mine', BEHAVIOUR).settings;
  const { arn: otherArn } = queues.createQueue('other', BEHAVIOUR).settings;
  keyId = keys.keyId;
  queueUrl = queues.queueUrl;
  const role: Statement[] = [
    onItems(['GetItem', 'PutItem', 'Query'], 'mine/*', 'our/*'),
    onItems(['BatchGetItem', 'DeleteItem'], 'our/*'),
    {
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [keys.keyArn],
      allLike: {},
      equal: { 'kms:EncryptionContext:vendor': 'fcm' },
    },
    {
      actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
      resources: [queueArn],
      allLike: {},
      equal: {},
    },
  ];
  access.enforce([{ name: 'sender', role }], {
    tables: [{ name: TableName, arn: TABLE_ARN, partitionKey: 'pk' }],
    queues: [
      { url: queueUrl('mine'), arn: queueArn },
      { url: queueUrl('other'), arn: otherArn },
    ],
    keyArn: keys.keyArn,
  });
  const settings = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'sender', secretAccessKey: 'x' },
  };
  table = DynamoDBDocumentClient.from(new DynamoDBClient({ ...settings, endpoint: dynamoDb.url }));
  outside = createClient(dynamoDb.url);
  kms = new KMSClient({ ...settings, endpoint: keys.url });
  sqs = new SQSClient({ ...settings, endpoint: queues.url });
  clients.push(table, outside, kms, sqs);
  await createTable(outside, TableName, ['pk']);
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  for (const one of running) await one.close();
});

const BEHAVIOUR = {
  visibilityTimeoutSeconds: 60,
  retentionSeconds: 60,
  delaySeconds: 0,
  maximumMessageBytes: 1_024,
  receiveWaitSeconds: 0,
  redrive: undefined,
};

const put = (pk: string) => new PutCommand({ TableName, Item: { pk } });
const query = (pk: string) =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  });
const batchGet = (...keys: string[]) =>
  new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys.map((pk) => ({ pk })) } } });
const together = (put: string, gone: string) =>
  new TransactWriteCommand({
    TransactItems: [
      { Put: { TableName, Item: { pk: put } } },
      { Delete: { TableName, Key: { pk: gone } } },
    ],
  });
const dataKey = (vendor: string) =>
  new GenerateDataKeyCommand({
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: { vendor, purpose: 'x' },
  });

test.each<[string, () => Promise<unknown>]>([
  ['read and write its own items', () => table.send(put('mine/1'))],
  ['read one', () => table.send(new GetCommand({ TableName, Key: { pk: 'our/1' } }))],
  ['read several', () => table.send(batchGet('our/1', 'our/2'))],
  ['ask for a range', () => table.send(query('mine/1'))],
  ['write in a transaction what it may write alone', () => table.send(together('mine/1', 'our/1'))],
  ['seal for its vendor', () => kms.send(dataKey('fcm'))],
  ['send to its queue', () => sqs.send(message('mine'))],
  [
    'send several',
    () =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl('mine'),
          Entries: [{ Id: '1', MessageBody: 'x' }],
        }),
      ),
  ],
  ['count what is in its queue', () => sqs.send(count('mine'))],
])('a function may %s', async (_what, act) => {
  await expect(act()).resolves.toBeDefined();
});

test.each<[string, () => Promise<unknown>]>([
  ['an action its role does not name', () => table.send(update('mine/1'))],
  ['an item of another kind', () => table.send(put('theirs/1'))],
  ['a key that only begins alike', () => table.send(put('mine'))],
  ['an action allowed for other items', () => table.send(remove('mine/1'))],
  ['one foreign item among its own', () => table.send(batchGet('our/1', 'mine/1'))],
  ['a foreign range', () => table.send(query('theirs/1'))],
  ['a transaction with one foreign part', () => table.send(together('mine/1', 'mine/2'))],
  ['everything there is', () => table.send(new ScanCommand({ TableName }))],
  ['sealing for another vendor', () => kms.send(dataKey('oppo'))],
  ['sealing for nobody', () => kms.send(withoutContext())],
  [
    'opening without a word of what it is',
    () => kms.send(new DecryptCommand({ CiphertextBlob: new Uint8Array([1]) })),
  ],
  ['another queue', () => sqs.send(message('other'))],
  ['counting what is in another queue', () => sqs.send(count('other'))],
])('refused: %s', async (_what, act) => {
  await expect(act()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('User: sender is not authorized to perform:'),
  });
});

test('who stands outside the service may do anything', async () => {
  await outside.send(put('theirs/1'));

  expect((await outside.send(new ScanCommand({ TableName }))).Items).toContainEqual({
    pk: 'theirs/1',
  });
});

test('it is known which permissions were needed', async () => {
  const { unused, used } = Object.groupBy(access.permissions(), (one) =>
    one.used ? 'used' : 'unused',
  );

  expect(used?.map((one) => one.permission)).toEqual([
    'dynamodb:GetItem our/*',
    'dynamodb:PutItem mine/*',
    'dynamodb:Query mine/*',
    'dynamodb:BatchGetItem our/*',
    'dynamodb:DeleteItem our/*',
    'kms:GenerateDataKey fcm',
    expect.stringMatching(/^sqs:SendMessage arn:.+:mine$/),
    expect.stringMatching(/^sqs:GetQueueAttributes arn:.+:mine$/),
  ]);
  expect(unused?.map((one) => one.permission)).toEqual([
    'dynamodb:GetItem mine/*',
    'dynamodb:PutItem our/*',
    'dynamodb:Query our/*',
    'kms:Decrypt fcm',
  ]);
});

function message(queue: string): SendMessageCommand {
  return new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody: 'x' });
}

function count(queue: string): GetQueueAttributesCommand {
  return new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: ['All'] });
}

function update(pk: string): UpdateCommand {
  return new UpdateCommand({ TableName, Key: { pk }, UpdateExpression: 'REMOVE a' });
}

function remove(pk: string): DeleteCommand {
  return new DeleteCommand({ TableName, Key: { pk } });
}

function withoutContext(): GenerateDataKeyCommand {
  return new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' });
}
