import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

type Key = Readonly<Record<string, string>>;
type Item = Readonly<Record<string, unknown>>;

const FIRST_PAUSE_MS = 25;
const MAX_TRIES = 8;

/**
 * Reads up to 100 items of one table in one call, eventually consistent unless asked otherwise, and asks
 * again for what AWS left out.
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  { ConsistentRead = false } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let wanted: readonly Key[] = keys;
  for (let tries = 0; wanted.length > 0; tries++) {
    if (tries === MAX_TRIES) throw new Error(`${wanted.length} items of ${table} stayed unread`);
    if (tries > 0) await pause(FIRST_PAUSE_MS * 2 ** tries);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: [...wanted], ConsistentRead } } }),
    );
    items.push(...(Responses?.[table] ?? []));
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
