import * as v from 'valibot';

/**
 * Properties of the resources that are made on one machine, as the template gives them once its
 * references are resolved. Properties that have no meaning here (encryption, backups, tags) are left out.
 */

/** CloudFormation takes numbers and booleans as text too. */
const integer = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer());
const flag = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(['true', 'false']),
    v.transform((value) => value === 'true'),
  ),
]);
const text = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

const keySchema = v.array(
  v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }),
);
const projection = v.object({
  ProjectionType: v.optional(v.picklist(['ALL', 'KEYS_ONLY', 'INCLUDE'])),
  NonKeyAttributes: v.optional(v.array(v.string())),
});
const throughput = v.object({ ReadCapacityUnits: integer, WriteCapacityUnits: integer });

/** `AWS::DynamoDB::Table`, named as `CreateTable` names things. */
export const tableProperties = v.object({
  TableName: v.optional(v.string()),
  AttributeDefinitions: v.array(
    v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  BillingMode: v.optional(v.picklist(['PAY_PER_REQUEST', 'PROVISIONED'])),
  ProvisionedThroughput: v.optional(throughput),
  GlobalSecondaryIndexes: v.optional(
    v.array(
      v.object({
        IndexName: v.string(),
        KeySchema: keySchema,
        Projection: projection,
        ProvisionedThroughput: v.optional(throughput),
      }),
    ),
  ),
  LocalSecondaryIndexes: v.optional(
    v.array(v.object({ IndexName: v.string(), KeySchema: keySchema, Projection: projection })),
  ),
  TimeToLiveSpecification: v.optional(
    v.object({ AttributeName: v.optional(v.string()), Enabled: flag }),
  ),
});

/** `AWS::SQS::Queue`; times in seconds. */
export const queueProperties = v.object({
  QueueName: v.optional(v.string()),
  VisibilityTimeout: v.optional(integer, 30),
  MessageRetentionPeriod: v.optional(integer, 345_600),
  DelaySeconds: v.optional(integer, 0),
  MaximumMessageSize: v.optional(integer, 1_048_576),
  ReceiveMessageWaitTimeSeconds: v.optional(integer, 0),
  RedrivePolicy: v.optional(
    v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: integer }),
  ),
});

/** `AWS::Lambda::Function`. */
export const functionProperties = v.object({
  FunctionName: v.optional(v.string()),
  Handler: v.string(),
  Role: v.optional(v.string()),
  Timeout: v.optional(integer, 3),
  MemorySize: v.optional(integer, 128),
  ReservedConcurrentExecutions: v.optional(integer),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), text), {}) }), {}),
});

const statement = v.strictObject({
  Effect: v.literal('Allow', 'only Allow is understood'),
  Action: v.array(v.pipe(v.string(), v.excludes('*', 'wildcards in actions are not understood'))),
  Resource: v.union([v.string(), v.array(v.string())]),
  Condition: v.optional(
    v.strictObject({
      'ForAllValues:StringLike': v.optional(v.record(v.string(), v.array(v.string())), {}),
      StringEquals: v.optional(v.record(v.string(), v.string()), {}),
    }),
    {},
  ),
});

/** `AWS::IAM::Role` of a function. */
export const roleProperties = v.object({
  Policies: v.optional(
    v.array(v.object({ PolicyDocument: v.object({ Statement: v.array(statement) }) })),
    [],
  ),
});

/** `AWS::Lambda::EventSourceMapping` of a queue. */
export const eventSourceProperties = v.object({
  EventSourceArn: v.string(),
  FunctionName: v.string(),
  Enabled: v.optional(flag, true),
  BatchSize: v.optional(integer, 10),
  MaximumBatchingWindowInSeconds: v.optional(integer, 0),
  FunctionResponseTypes: v.optional(v.array(v.string()), []),
  ScalingConfig: v.optional(v.object({ MaximumConcurrency: v.optional(integer) }), {}),
});

/** `AWS::ApiGatewayV2::Route`. */
export const routeProperties = v.object({
  RouteKey: v.string(),
  Target: v.string(),
  AuthorizationType: v.optional(v.literal('NONE', 'authorizers are not supported')),
});

/** `AWS::ApiGatewayV2::Integration`. */
export const integrationProperties = v.object({
  IntegrationType: v.literal('AWS_PROXY'),
  IntegrationUri: v.string(),
  PayloadFormatVersion: v.literal('2.0'),
  TimeoutInMillis: v.optional(integer, 30_000),
});
