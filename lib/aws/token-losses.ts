import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TokenLossCounter } from '../model/token-losses';
import { numberIn } from './stored-json';

const HOUR_MS = 3_600_000;
const KEEP_SECONDS = 2 * 86_400;

/**
 * Counts lost tokens by certificate and hour on DynamoDB: one write for each request that lost some.
 * One vendor's counts lie under one key prefix, so that IAM can keep vendors apart.
 */
export function createTokenLossCounter(
  client: DynamoDBDocumentClient,
  table: string,
): TokenLossCounter {
  return {
    async add({ vendor, appKey, certificate }, lost, now) {
      const hour = Math.floor(now / HOUR_MS);
      const { Attributes = {} } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: `losses/${vendor}/${appKey}/${certificate}/${hour}` },
          UpdateExpression: 'ADD lost :lost SET expiresAt = :expiresAt',
          ExpressionAttributeValues: {
            ':lost': lost,
            ':expiresAt': Math.ceil(now / 1000) + KEEP_SECONDS,
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return numberIn(Attributes, 'lost');
    },
  };
}
