import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDb } from '../../lib/aws/clients';
import { startDynamoDb } from '../../local/dynamodb/dynamodb-server';
import type { FromDatabase } from '../limiter/rig-messages';

/** DynamoDB with a table of flow control, in a process of its own, so that its CPU is nobody else's. */
const [, , table] = process.argv;
const { url } = await startDynamoDb();
process.env['AWS_ENDPOINT_URL_DYNAMODB'] = url;
await createDynamoDb().send(
  new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  }),
);
process.on('disconnect', () => process.exit());
process.send?.({ url } satisfies FromDatabase);
