import {
  type Admit,
  type RunningServer,
  startAwsJsonServer,
  unknownOperation,
} from './aws-json-server';
import { Database } from './database';
import { batchGet, batchWrite, getItem, readRange, writeItem } from './item-operations';
import type { Engine } from './request-store';
import { TableCatalogue } from './table-catalogue';
import {
  changeTable,
  describe,
  describeContinuousBackups,
  describeTimeToLive,
  updateContinuousBackups,
  updateTimeToLive,
} from './table-operations';
import { transactGet } from './transact-get';
import { transactWrite } from './transact-write';
import { startTtlSweep } from './ttl-sweep';

/** Expired items are as good as gone to every reader, so there is no hurry. */
const DEFAULT_SWEEP_MS = 10 * 60_000;

/** Where to listen and what to keep. */
export interface DynamoDbOptions {
  /** A free port by default. */
  readonly port?: number;
  /** A folder of the store's own; without one everything is in memory. */
  readonly folder?: string;
  /** Pause between two sweeps for expired items; 10 minutes by default. */
  readonly ttlSweepMs?: number;
  readonly admit?: Admit;
}

/**
 * Starts a DynamoDB-compatible endpoint on loopback: dynalite's rules, expressions and queries, with transactions,
 * time to live and billing as in AWS added. Any region and any credentials are accepted.
 */
export async function startDynamoDb({
  port = 0,
  folder,
  ttlSweepMs = DEFAULT_SWEEP_MS,
  admit,
}: DynamoDbOptions = {}): Promise<RunningServer> {
  const database = await Database.open(folder);
  const engine: Engine = { database, tables: await TableCatalogue.load(database) };
  const server = await startServer(engine, port, admit).catch(async (error) => {
    await database.close();
    throw error;
  });
  const sweep = startTtlSweep(engine, ttlSweepMs);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await sweep.stop();
      await database.close();
    },
  };
}

function startServer(
  engine: Engine,
  port: number,
  admit: Admit | undefined,
): Promise<RunningServer> {
  return startAwsJsonServer(
    {
      target: 'DynamoDB_20120810',
      contentType: 'application/x-amz-json-1.0',
      handle: (operation, body) => handle(engine, operation, body),
      admit,
    },
    port,
  );
}

/** Waits for the disk before it answers, success or refusal: either may tell of a write just made. */
async function handle(engine: Engine, operation: string, body: object): Promise<object> {
  const run = OPERATIONS.get(operation);
  if (run === undefined) throw unknownOperation();
  try {
    return await run(engine, body);
  } finally {
    await engine.database.settled();
  }
}

type Run = (engine: Engine, body: object) => Promise<object>;

const OPERATIONS: ReadonlyMap<string, Run> = new Map<string, Run>(
  Object.entries<Run>({
    PutItem: (engine, body) => writeItem(engine, 'PutItem', body),
    UpdateItem: (engine, body) => writeItem(engine, 'UpdateItem', body),
    DeleteItem: (engine, body) => writeItem(engine, 'DeleteItem', body),
    GetItem: getItem,
    BatchGetItem: batchGet,
    BatchWriteItem: batchWrite,
    TransactWriteItems: transactWrite,
    TransactGetItems: transactGet,
    Query: (engine, body) => readRange(engine, 'Query', body),
    Scan: (engine, body) => readRange(engine, 'Scan', body),
    CreateTable: (engine, body) => changeTable(engine, 'CreateTable', body),
    UpdateTable: (engine, body) => changeTable(engine, 'UpdateTable', body),
    DeleteTable: (engine, body) => changeTable(engine, 'DeleteTable', body),
    DescribeTable: (engine, body) => describe(engine, 'DescribeTable', body),
    ListTables: (engine, body) => describe(engine, 'ListTables', body),
    ListTagsOfResource: (engine, body) => describe(engine, 'ListTagsOfResource', body),
    TagResource: (engine, body) => describe(engine, 'TagResource', body),
    UntagResource: (engine, body) => describe(engine, 'UntagResource', body),
    UpdateTimeToLive: updateTimeToLive,
    DescribeTimeToLive: describeTimeToLive,
    UpdateContinuousBackups: updateContinuousBackups,
    DescribeContinuousBackups: describeContinuousBackups,
  }),
);
