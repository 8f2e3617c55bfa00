import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTables } from './cloudformation/create-tables';
import {
  readTemplate,
  type TemplateEventSource,
  type TemplateRoute,
} from './cloudformation/template';
import { startDynamoDb } from './dynamodb/dynamodb-server';
import { type RunningEventSource, startEventSource } from './event-source/event-source';
import { type Integration, startHttpApi } from './http-api/http-api-server';
import type { Route } from './http-api/route-table';
import { AccessControl, type RolePermission } from './iam/access-control';
import { startKms } from './kms/kms-server';
import { openFunctionLogs } from './lambda/function-logs';
import { Functions } from './lambda/functions';
import type { FunctionCounters } from './lambda/lambda-function';
import { type RunningSqs, startSqs } from './sqs/sqs-server';

const REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';

/** What to start, where. */
export interface StackOptions {
  /** The packaged CloudFormation template. */
  readonly templateFile: string;
  /** Where the functions' bundles are. */
  readonly distFolder: string;
  /** Of the HTTP API; a free port by default. */
  readonly port?: number;
  /** Where the HTTP API listens; loopback by default. */
  readonly host?: string;
  /** Of SQS; a free port by default. */
  readonly sqsPort?: number;
  /** Where tables, queues, the key and the functions' logs are kept; without one everything is in memory. */
  readonly dataFolder?: string | undefined;
  /** Variables every function gets, over those of the template. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called when all stands, and before a request is answered or a message taken: until it ends every call is a 503. */
  prepare?(stack: Stack): Promise<void>;
  /** Hears every line a function writes, beside its log file. */
  onLog?(functionName: string, line: string): void;
}

/** A running stack. Functions are named by their module (`read-trace`), their full name or their logical id. */
export interface Stack {
  /** Base address of the HTTP API. */
  readonly url: string;
  readonly dynamoDbUrl: string;
  readonly kmsUrl: string;
  readonly sqsUrl: string;
  /** Region, credentials and endpoints, as the AWS SDK reads them from its environment. */
  readonly awsEnvironment: Readonly<Record<string, string>>;
  /** By logical id or name. */
  queueUrl(queue: string): string;
  /** By logical id or name. */
  tableName(table: string): string;
  environmentOf(functionName: string): Readonly<Record<string, string>>;
  /** Ends one environment in the middle of a call; false when none is busy. */
  kill(functionName: string): boolean;
  /** CPU time the function's living environments have used so far, in milliseconds. Needs Node 24.6. */
  cpuMs(functionName: string): Promise<number>;
  /** By module name. */
  counters(): Readonly<Record<string, FunctionCounters>>;
  /** What the functions' roles allow, and whether it was needed so far. */
  permissions(): readonly RolePermission[];
  /** Ends calls under way in order, then everything else. */
  close(): Promise<void>;
}

/** Starts everything a packaged template describes on this machine, with the functions it names. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const parts = new Parts();
  try {
    return await start(options, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function start(options: StackOptions, parts: Parts): Promise<Stack> {
  const { dataFolder } = options;
  const inData = (name: string) => (dataFolder === undefined ? undefined : join(dataFolder, name));
  const folder = inData('dynamodb');
  const keyFile = inData('kms.key');

  const access = new AccessControl();
  const dynamoDb = await parts.add(
    startDynamoDb({ ...(folder && { folder }), admit: access.doorOf('dynamodb') }),
  );
  const kms = await parts.add(
    startKms({ ...(keyFile && { keyFile }), admit: access.doorOf('kms') }),
  );
  const sqs = await parts.add(
    startSqs({ port: options.sqsPort, folder: inData('sqs'), admit: access.doorOf('sqs') }),
  );
  const logFolder = inData('logs');
  const logs = logFolder === undefined ? undefined : await parts.add(openFunctionLogs(logFolder));
  const functions = await parts.add(
    new Functions((name, line) => {
      logs?.write(name, line);
      options.onLog?.(name, line);
    }),
  );
  const api = await parts.add(startHttpApi({ port: options.port, host: options.host }));

  const template = readTemplate(JSON.parse(await readFile(options.templateFile, 'utf8')), {
    region: REGION,
    accountId: ACCOUNT_ID,
    stackName: 'local',
    queueUrl: sqs.queueUrl,
    apiUrl: api.url,
    kmsKeyId: kms.keyId,
  });
  access.enforce(template.functions, {
    tables: template.tables.map(({ name, arn, definition }) => ({
      name,
      arn,
      partitionKey:
        definition.KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    })),
    queues: template.queues,
    keyArn: kms.keyArn,
  });
  await createTables(template.tables, dynamoDb.url, REGION);
  for (const { name, behaviour } of template.queues) sqs.createQueue(name, behaviour);

  const awsEnvironment = {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
  };
  functions.add(template, options.distFolder, { ...awsEnvironment, ...options.environment });

  const stack: Stack = {
    url: api.url,
    dynamoDbUrl: dynamoDb.url,
    kmsUrl: kms.url,
    sqsUrl: sqs.url,
    awsEnvironment,
    queueUrl: (queue) => findNamed(template.queues, queue).url,
    tableName: (table) => findNamed(template.tables, table).name,
    environmentOf: (name) => functions.find(name).environment,
    kill: (name) => functions.find(name).function.killOne(),
    cpuMs: (name) => functions.find(name).function.cpuMs(),
    counters: () => functions.counters(),
    permissions: () => access.permissions(),
    close: () => parts.close(),
  };
  await options.prepare?.(stack);
  api.serve(template.routes.map((route) => serveRoute(route, functions)));
  for (const source of template.eventSources.filter(({ enabled }) => enabled)) {
    await parts.add(feedFunction(source, sqs, functions));
  }
  return stack;
}

function serveRoute(
  { routeKey, function: { logicalId }, timeoutMs }: TemplateRoute,
  functions: Functions,
): Route<Integration> {
  const { function: target } = functions.find(logicalId);
  return { routeKey, target: { invoke: (event) => target.invoke(event), timeoutMs } };
}

function feedFunction(
  source: TemplateEventSource,
  sqs: RunningSqs,
  functions: Functions,
): RunningEventSource {
  const queue = sqs.find(source.queue.name);
  if (!queue) throw new Error(`${source.logicalId}: no queue ${source.queue.name}`);
  const { function: target } = functions.find(source.function.logicalId);
  return startEventSource({
    ...source,
    queue,
    invoke: (event) => target.invoke(event),
    region: REGION,
    accountId: ACCOUNT_ID,
  });
}

function findNamed<T extends { readonly logicalId: string; readonly name: string }>(
  candidates: readonly T[],
  name: string,
): T {
  const found = candidates.find((candidate) =>
    [candidate.logicalId, candidate.name].includes(name),
  );
  if (!found) throw new Error(`the template has no ${name}`);
  return found;
}

/** What was started, so that it ends in the opposite order. */
class Parts {
  readonly #parts: { close(): Promise<void> }[] = [];

  async add<T extends { close(): Promise<void> }>(part: T | Promise<T>): Promise<T> {
    const added = await part;
    this.#parts.push(added);
    return added;
  }

  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const part of this.#parts.splice(0).reverse()) {
      await part.close().catch((error) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, 'the stack did not close in order');
  }
}
