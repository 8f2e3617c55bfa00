import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Stack, type StackOptions, startStack } from '../../local/stack';

const templateFile = fileURLToPath(new URL('stack-template.json', import.meta.url));
/** Handlers lie outside the project and load the SDK from it. */
const sdk = `
import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(import.meta.url)});
`;
const accept = `${sdk}
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { KMSClient, GenerateDataKeyCommand } = require('@aws-sdk/client-kms');
const [sqs, kms] = [new SQSClient({}), new KMSClient({})];
export const handler = async ({ pathParameters: { id }, body }) => {
  if (body === 'fail') throw new Error('no');
  const { KMS_KEY_ID: KeyId, QUEUE_URL: QueueUrl } = process.env;
  await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ id, text: body }) }));
  console.log('accepted', id);
  return { statusCode: 202, body: id };
};`;
const send = `${sdk}
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamoDb = new DynamoDBClient({});
export const handler = async ({ Records }) => {
  for (const { body, attributes } of Records) {
    const { id, text } = JSON.parse(body);
    if (text === 'bad') return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    if (text === 'slow' && attributes.ApproximateReceiveCount === '1') await new Promise((r) => setTimeout(r, 4_000));
    const Item = { pk: { S: id }, text: { S: text }, receives: { N: attributes.ApproximateReceiveCount } };
    await dynamoDb.send(new PutItemCommand({ TableName: process.env.TABLE, Item }));
  }
};`;

let folder: string;
let stack: Stack;
let lines: string[];

async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
  stack = await startStack({
    templateFile,
    distFolder: join(folder, 'dist'),
    onLog: (name, line) => lines.push(`${name}: ${line}`),
    ...options,
  });
  return stack;
}

beforeEach(async () => {
  lines = [];
  folder = await mkdtemp(join(tmpdir(), 'stack-'));
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist', 'accept.mjs'), accept);
  await writeFile(join(folder, 'dist', 'send.mjs'), send);
});
afterEach(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

const post = (id: string, body: string) =>
  fetch(`${stack.url}/jobs/${id}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });

/** What the sender stored, waiting for it if need be. */
async function stored(id: string): Promise<unknown> {
  const client = new DynamoDBClient({
    endpoint: stack.dynamoDbUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const TableName = stack.tableName('ItemsTable');
  for (let tries = 0; tries < 100; tries += 1) {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: id } } }));
    if (Item) return { text: Item['text']?.S, receives: Item['receives']?.N };
    await delay(50);
  }
  throw new Error(`${id} was not stored`);
}

function sqsClient(): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint: stack.sqsUrl, region: 'us-east-1', credentials });
}

async function messagesIn(queue: string): Promise<number> {
  const { Attributes } = await sqsClient().send(
    new GetQueueAttributesCommand({ QueueUrl: stack.queueUrl(queue), AttributeNames: ['All'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

test('a request goes through API, function, queue and function into the table', async () => {
  await start();

  const response = await post('证书 1', 'hello 😀');

  expect(response.status).toBe(202);
  expect(await response.text()).toBe('证书 1');
  expect(await stored('证书 1')).toEqual({ text: 'hello 😀', receives: '1' });
  expect(stack.counters()).toMatchObject({
    accept: { invocations: 1, inits: 1, errors: 0 },
    send: { invocations: 1, errors: 0 },
  });
  expect(lines).toContain('accept: accepted 证书 1');
});

test('the gateway answers for what is not there and for what fails', async () => {
  await start();

  const unknown = await fetch(`${stack.url}/nothing`);
  const failed = await post('1', 'fail');

  expect([unknown.status, await unknown.json()]).toEqual([404, { message: 'Not Found' }]);
  expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }]);
});

test('functions are told where everything is, and the caller has the last word', async () => {
  await start({ environment: { STAGE: 'from-caller' } });

  expect(stack.environmentOf('accept')).toEqual({
    QUEUE_URL: `${stack.sqsUrl}/000000000000/app-jobs`,
    KMS_KEY_ID: expect.stringMatching(/^[\w-]+$/),
    PUBLIC_URL: stack.url,
    STAGE: 'from-caller',
    ...stack.awsEnvironment,
    AWS_ACCESS_KEY_ID: 'app-accept',
  });
  expect(stack.environmentOf('app-send')).toEqual(stack.environmentOf('Send'));
  expect(stack.queueUrl('app-dead')).toBe(stack.queueUrl('DeadQueue'));
  expect(() => stack.environmentOf('other')).toThrow('the template has no function other');
});

test('a message nobody can handle ends in the dead-letter queue', async () => {
  await start();
  await post('1', 'bad');

  for (let tries = 0; tries < 60 && (await messagesIn('DeadQueue')) === 0; tries += 1) {
    await delay(50);
  }

  expect(await messagesIn('DeadQueue')).toBe(1);
  expect(stack.counters()['send']).toMatchObject({ invocations: 2, errors: 0 });
});

test('after a crash in mid-send the message comes back when its visibility ends', async () => {
  await start();
  await post('1', 'slow');
  expect(stack.kill('accept')).toBe(false);
  await delay(300);

  expect(stack.kill('send')).toBe(true);

  expect(await stored('1')).toEqual({ text: 'slow', receives: '2' });
  expect(stack.counters()['send']).toMatchObject({ kills: 1, errors: 1, inits: 2 });
});

test('until all is prepared every call is a 503, and no message is taken', async () => {
  const seen: unknown[] = [];
  await start({
    async prepare(standing) {
      stack = standing;
      await sqsClient().send(
        new SendMessageCommand({
          QueueUrl: standing.queueUrl('JobsQueue'),
          MessageBody: JSON.stringify({ id: 'early', text: 'hello' }),
        }),
      );
      const response = await post('1', 'too early');
      seen.push(response.status, await response.json(), standing.counters()['send']?.invocations);
    },
  });

  expect(seen).toEqual([503, { message: 'Service Unavailable' }, 0]);
  expect((await post('1', 'now')).status).toBe(202);
  expect(await stored('early')).toEqual({ text: 'hello', receives: '1' });
});

test('what is in tables and queues is there after a restart, and so is the key', async () => {
  const dataFolder = join(folder, 'data');
  await start({ dataFolder });
  await post('1', 'kept');
  await stored('1');
  const keyId = stack.environmentOf('accept')['KMS_KEY_ID'];
  const dead = new SendMessageCommand({ QueueUrl: stack.queueUrl('DeadQueue'), MessageBody: 'x' });
  await sqsClient().send(dead);
  await stack.close();

  await start({ dataFolder });

  expect(await stored('1')).toEqual({ text: 'kept', receives: '1' });
  expect(await messagesIn('DeadQueue')).toBe(1);
  expect(stack.environmentOf('accept')['KMS_KEY_ID']).toBe(keyId);
  expect(await readFile(join(dataFolder, 'logs', 'accept.log'), 'utf8')).toBe('accepted 1\n');
});

test('nothing listens after the end', async () => {
  await start();
  const urls = [stack.url, stack.dynamoDbUrl, stack.kmsUrl, stack.sqsUrl];

  await stack.close();

  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a stack that cannot start leaves nothing behind and says why', async () => {
  await start();
  const dataFolder = join(folder, 'data');
  await rm(join(folder, 'dist', 'send.mjs'));

  await expect(
    startStack({ templateFile, distFolder: join(folder, 'dist'), dataFolder }),
  ).rejects.toThrow('no module for dist/send.handler');

  await writeFile(join(folder, 'dist', 'send.mjs'), send);
  const second = await startStack({ templateFile, distFolder: join(folder, 'dist'), dataFolder });
  await second.close();
  expect(existsSync(join(dataFolder, 'kms.key'))).toBe(true);
});
