import { Agent, request as ask, createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { createDynamoDb, createKms, createSqs } from '../../lib/aws/clients';
import { startDynamoDb } from '../../local/dynamodb/dynamodb-server';
import { startKms } from '../../local/kms/kms-server';
import { type RunningSqs, startSqs } from '../../local/sqs/sqs-server';
import { createClient, createTable } from '../local/dynamodb/store';

const TABLES = {
  devices: ['pk'],
  settings: ['pk', 'sk'],
  deliveries: ['pk', 'sk'],
  flow: ['pk'],
} as const;

/** A call as it goes over the wire. */
export interface WireCall {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Once it is there. */
  answer?: WireAnswer;
}

/** An AWS answer; a refusal has a status of 400 or more. */
export interface WireAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Takes one call in place of the store; `goOn` puts it, or another body, to the store after all. */
export type Interception = (
  body: WireCall['body'],
  goOn: (body?: WireCall['body']) => Promise<WireAnswer>,
) => Promise<WireAnswer>;

/** What lies between the stores' clients and AWS: every call is seen, and one can be stepped into. */
export interface Wire {
  /** Takes down what is asked and answered while `act` runs. */
  watch(act: () => Promise<unknown>): Promise<readonly WireCall[]>;
  /** Steps into the next call of this operation, once. */
  next(operation: string, interception: Interception): void;
}

/** Embedded DynamoDB, SQS and KMS, with the service's own clients in front of them. */
export interface Aws {
  readonly dynamoDb: DynamoDBDocumentClient;
  /** The same tables past the wire: for looking, and for being in the way. */
  readonly aside: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly kms: KMSClient;
  readonly keyId: string;
  readonly wire: Wire;
  /** Makes a queue and answers its URL. */
  createQueue(name: string): string;
  /** Everything in a table as one text, inflated where it was deflated. */
  textIn(table: keyof typeof TABLES): Promise<string>;
  close(): Promise<void>;
}

export async function startAws(): Promise<Aws> {
  const [database, queues, keys] = await Promise.all([startDynamoDb(), startSqs(), startKms()]);
  const wire = await openWire({
    DynamoDB_20120810: database.url,
    AmazonSQS: queues.url,
    TrentService: keys.url,
  });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'anybody',
    AWS_SECRET_ACCESS_KEY: 'anything',
    AWS_ENDPOINT_URL_DYNAMODB: wire.url,
    AWS_ENDPOINT_URL_SQS: wire.url,
    AWS_ENDPOINT_URL_KMS: wire.url,
  });
  const clients = { dynamoDb: createDynamoDb(), sqs: createSqs(), kms: createKms() };
  const aside = createClient(database.url);
  for (const [table, keyNames] of Object.entries(TABLES)) {
    await createTable(aside, table, keyNames);
  }
  return {
    ...clients,
    aside,
    keyId: keys.keyId,
    wire,
    createQueue: (name) => createQueue(queues, name),
    textIn: (table) => textIn(aside, table),
    async close() {
      for (const client of [...Object.values(clients), aside]) client.destroy();
      await wire.close();
      await Promise.all([database.close(), queues.close(), keys.close()]);
    },
  };
}

/** An interception that lets something else happen just before the call arrives. */
export function after(happening: () => Promise<unknown>): Interception {
  return async (_body, goOn) => {
    await happening();
    return goOn();
  };
}

/** An interception that refuses a call as DynamoDB would. */
export function refuseWith(name: string, members: object = {}): Interception {
  return async () => ({
    status: 400,
    body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'refused', ...members },
  });
}

/** Holds the clock that tells how long something has been kept, until it is released. */
export function holdClock(): { pass(ms: number): void; release(): void } {
  let now = performance.now();
  performance.now = () => now;
  return {
    pass(ms) {
      now += ms;
    },
    release() {
      // the true one is inherited
      Reflect.deleteProperty(performance, 'now');
    },
  };
}

async function openWire(
  services: Readonly<Record<string, string>>,
): Promise<Wire & { readonly url: string; close(): Promise<void> }> {
  const interceptions = new Map<string, Interception[]>();
  const watchers = new Set<WireCall[]>();
  const agent = new Agent({ keepAlive: true });

  async function answer(target: string, body: WireCall['body']): Promise<WireAnswer> {
    const [service = '', operation = ''] = target.split('.');
    const call: WireCall = { operation, body };
    for (const calls of watchers) calls.push(call);
    const goOn = (changed = body) => post(services[service] ?? '', target, changed, agent);
    const interception = interceptions.get(operation)?.shift();
    call.answer = await (interception === undefined ? goOn() : interception(body, goOn));
    return call.answer;
  }

  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const asked = (await json(request)) as WireCall['body'];
    const { status, body } = await answer(target, asked).catch((error: unknown) => ({
      status: 400,
      body: { __type: 'InterceptionFailed', message: String(error) },
    }));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the wire has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async watch(act) {
      const calls: WireCall[] = [];
      watchers.add(calls);
      await act().finally(() => watchers.delete(calls));
      return calls;
    },
    next(operation, interception) {
      interceptions.set(operation, [...(interceptions.get(operation) ?? []), interception]);
    },
    close() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function post(url: string, target: string, body: object, agent: Agent): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
    const asking = ask(url, { method: 'POST', headers, agent }, (response) => {
      // whatever the store answers is passed on as it is
      const passOn = (answer: unknown) =>
        resolve({ status: response.statusCode ?? 0, body: answer as WireAnswer['body'] });
      json(response).then(passOn, reject);
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

function createQueue(queues: RunningSqs, name: string): string {
  return queues.createQueue(name, {
    visibilityTimeoutSeconds: 60,
    retentionSeconds: 1_209_600,
    delaySeconds: 0,
    maximumMessageBytes: 262_144,
    receiveWaitSeconds: 0,
    redrive: undefined,
  }).settings.url;
}

async function textIn(client: DynamoDBDocumentClient, TableName: string): Promise<string> {
  const texts: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const value of Items.flatMap((item) => Object.values(item))) {
      texts.push(value instanceof Uint8Array ? inflateRawSync(value).toString() : String(value));
    }
  }
  return texts.join('\n');
}
