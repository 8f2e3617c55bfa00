import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { TemplateTable } from './template';

/** Makes the tables that are not there yet, and sets their time to live. */
export async function createTables(
  tables: readonly TemplateTable[],
  endpoint: string,
  region: string,
): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  try {
    await Promise.all(tables.map((table) => createTable(client, table)));
  } finally {
    client.destroy();
  }
}

async function createTable(
  client: DynamoDBClient,
  { name: TableName, definition, ttlAttribute }: TemplateTable,
): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ TableName, ...definition }));
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }

  if (ttlAttribute === undefined) return;
  const current = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (current.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  const TimeToLiveSpecification = { AttributeName: ttlAttribute, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}
