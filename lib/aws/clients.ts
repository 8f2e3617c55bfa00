import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { observeCalls } from './call-units';

/** The document client every store speaks through; one per container. */
export function createDynamoDb(): DynamoDBDocumentClient {
  const client = observeCalls(new DynamoDBClient({ maxAttempts: 4 }), 'dynamodb');
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/**
 * The SQS client. It sends to the configured endpoint rather than to the host in the queue's URL:
 * in AWS both are the same, with an endpoint override only the first can be reached.
 */
export function createSqs(): SQSClient {
  return observeCalls(
    new SQSClient({ maxAttempts: 4, useQueueUrlAsEndpoint: false, md5: false }),
    'sqs',
  );
}

/** The KMS client. */
export function createKms(): KMSClient {
  return observeCalls(new KMSClient({ maxAttempts: 4 }), 'kms');
}
