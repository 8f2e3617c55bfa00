import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';

type Item = Readonly<Record<string, unknown>>;

/**
 * Reads everything under one partition key in the order of its sort keys, eventually consistent unless asked
 * otherwise; DynamoDB answers at most 1 MB at a time.
 */
export async function queryAll(
  client: DynamoDBDocumentClient,
  table: string,
  pk: string,
  { ConsistentRead = false } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      ConsistentRead,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    },
  );
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}
