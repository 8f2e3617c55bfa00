import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { NonceStore } from '../model/nonce-store';
import { isLostRace } from './conditions';
import { sha256 } from './fingerprint';

/** Used nonces on DynamoDB: one conditional write each. A hash stands for the nonce, which may hold anything. */
export function createNonceStore(client: DynamoDBDocumentClient, table: string): NonceStore {
  return {
    async use(appKey, nonce, until, now) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: `nonce/${appKey}/${sha256(nonce)}`,
              sk: 'nonce',
              expiresAt: Math.ceil(until / 1000),
            },
            // TTL deletes late
            ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
            ExpressionAttributeValues: { ':now': Math.floor(now / 1000) },
          }),
        );
        return true;
      } catch (error) {
        if (isLostRace(error)) return false;
        throw error;
      }
    },
  };
}
