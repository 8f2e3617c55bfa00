import * as v from 'valibot';
import type { AccessRequest } from './policy';

/** Services that functions call. */
export type Service = 'dynamodb' | 'sqs' | 'kms';

/** What the names in calls stand for. */
export interface Resources {
  readonly tables: readonly {
    readonly name: string;
    readonly arn: string;
    readonly partitionKey: string;
  }[];
  readonly queues: readonly { readonly url: string; readonly arn: string }[];
  /** The one key there is. */
  readonly keyArn: string;
}

/** What a call asks leave for; undefined for operations that no function of ours uses. */
export function accessRequestsOf(
  service: Service,
  operation: string,
  body: object,
  resources: Resources,
): readonly AccessRequest[] | undefined {
  return ASKING[service](operation, body, resources);
}

type Ask = (
  operation: string,
  body: object,
  resources: Resources,
) => readonly AccessRequest[] | undefined;

const item = v.record(v.string(), v.unknown());
const oneItem = v.object({
  TableName: v.string(),
  Key: v.optional(item),
  Item: v.optional(item),
});
const batchGet = v.object({
  RequestItems: v.record(v.string(), v.object({ Keys: v.array(item) })),
});
const query = v.object({
  TableName: v.string(),
  KeyConditionExpression: v.string(),
  ExpressionAttributeValues: item,
});
const transaction = v.object({
  TransactItems: v.array(
    v.record(v.picklist(['Put', 'Update', 'Delete', 'ConditionCheck']), oneItem),
  ),
});
const TRANSACTED = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
} as const;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
const askDynamoDb: Ask = (operation, body, { tables }) => {
  function ask(action: string, table: string, read: (partitionKey: string) => unknown[]) {
    const { arn = table, partitionKey = '' } = tables.find(({ name }) => name === table) ?? {};
    const values = read(partitionKey).map((value) => textOf(value));
    return {
      action: `dynamodb:${action}`,
      resource: arn,
      context: { 'dynamodb:LeadingKeys': [...new Set(values)] },
    };
  }
  const askOne = (action: string, { TableName, Key, Item }: v.InferOutput<typeof oneItem>) =>
    ask(action, TableName, (partitionKey) => [(Key ?? Item)?.[partitionKey]]);

  switch (operation) {
    case 'GetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [askOne(operation, v.parse(oneItem, body))];
    case 'BatchGetItem':
      return Object.entries(v.parse(batchGet, body).RequestItems).map(([table, { Keys }]) =>
        ask(operation, table, (partitionKey) => Keys.map((key) => key[partitionKey])),
      );
    case 'Query': {
      const { TableName, KeyConditionExpression, ExpressionAttributeValues } = v.parse(query, body);
      return [
        ask(operation, TableName, (partitionKey) => {
          const name = new RegExp(`\\b${partitionKey} = (:\\w+)`).exec(KeyConditionExpression)?.[1];
          return [ExpressionAttributeValues[name ?? '']];
        }),
      ];
    }
    case 'TransactWriteItems':
      return v
        .parse(transaction, body)
        .TransactItems.flatMap((part) => Object.entries(part))
        .map(([kind, one]) => askOne(TRANSACTED[kind as keyof typeof TRANSACTED], one)); // parsed above
    default:
      return undefined;
  }
};

const toQueue = v.object({ QueueUrl: v.string() });

/** Operations that functions call, and the action each needs. */
const SQS_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['SendMessage', 'SendMessage'],
  ['SendMessageBatch', 'SendMessage'],
  ['GetQueueAttributes', 'GetQueueAttributes'],
]);

const askSqs: Ask = (operation, body, { queues }) => {
  const action = SQS_ACTIONS.get(operation);
  if (action === undefined) return undefined;
  const { QueueUrl } = v.parse(toQueue, body);
  const resource = queues.find(({ url }) => url === QueueUrl)?.arn ?? QueueUrl;
  return [{ action: `sqs:${action}`, resource, context: {} }];
};

const withContext = v.object({
  EncryptionContext: v.optional(v.record(v.string(), v.string()), {}),
});

const askKms: Ask = (operation, body, { keyArn }) => {
  if (operation !== 'Decrypt' && operation !== 'GenerateDataKey') return undefined;
  const context = Object.entries(v.parse(withContext, body).EncryptionContext).map(
    ([name, value]) => [`kms:EncryptionContext:${name}`, [value]],
  );
  return [{ action: `kms:${operation}`, resource: keyArn, context: Object.fromEntries(context) }];
};

const ASKING: Readonly<Record<Service, Ask>> = {
  dynamodb: askDynamoDb,
  sqs: askSqs,
  kms: askKms,
};

/** The text of an attribute value; a missing one matches no pattern. */
function textOf(value: unknown): string {
  return String(Object.values(Object(value))[0] ?? '');
}
