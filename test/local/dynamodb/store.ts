import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** A DynamoDB endpoint under test with two tables: `items` has the hash key `pk`, `ranges` also the range key `sk`. */
export interface Store {
  readonly client: DynamoDBDocumentClient;
  readonly items: string;
  readonly ranges: string;
}

/** A client of an endpoint, with whatever region and credentials. */
export function createClient(endpoint: string, region = 'us-east-1'): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'anybody', secretAccessKey: 'anything' };
  const client = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
  return DynamoDBDocumentClient.from(client);
}

/** Makes the two tables. */
export async function createStore(endpoint: string): Promise<Store> {
  const store = { client: createClient(endpoint), items: 'items', ranges: 'ranges' };
  await createTable(store.client, store.items, ['pk']);
  await createTable(store.client, store.ranges, ['pk', 'sk']);
  return store;
}

/** Makes a table whose keys are texts. */
export async function createTable(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly string[],
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}

let last = 0;

/** A partition key no other test uses. */
export function newKey(): string {
  last += 1;
  return `key-${last}`;
}
