// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation substitutes these

import type { Place } from '../../../local/cloudformation/physical-resources';
import { readTemplate } from '../../../local/cloudformation/template';

const place: Place = {
  region: 'us-east-1',
  accountId: '000000000000',
  stackName: 'local',
  queueUrl: (name) => `http://127.0.0.1:9324/000000000000/${name}`,
  apiUrl: 'http://127.0.0.1:3000',
  kmsKeyId: 'key-1',
};

const template = {
  Parameters: { Topic: { Type: 'String', Default: '' } },
  Conditions: {
    HasTopic: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Topic' }, ''] }] },
  },
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: { 'Fn::Sub': '${AWS::StackName}-devices' },
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'jobs',
        VisibilityTimeout: 60,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
          maxReceiveCount: '10',
        },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
    Key: { Type: 'AWS::KMS::Key' },
    SenderRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'sender' } },
    Sender: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'app-send',
        Handler: 'dist/functions/send.handler',
        Timeout: 10,
        MemorySize: 512,
        ReservedConcurrentExecutions: 3,
        Role: { 'Fn::GetAtt': ['SenderRole', 'Arn'] },
        Code: { S3Bucket: { Ref: 'DeploymentBucket' } },
        Environment: {
          Variables: {
            TABLE: { Ref: 'Table' },
            QUEUES: { 'Fn::Sub': '{"jobs":"${Queue}"}' },
            KMS_KEY_ID: { Ref: 'Key' },
            LEASE_MS: 15_000,
            URL: { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] },
            TOPIC: { 'Fn::If': ['HasTopic', { Ref: 'Topic' }, { Ref: 'AWS::NoValue' }] },
          },
        },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['Sender', 'Arn'] },
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      },
    },
    HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'HttpApi' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Sender', 'Arn'] },
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 20_000,
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'HttpApi' },
        RouteKey: 'POST /send/{id}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Optional: {
      Type: 'AWS::SQS::Queue',
      Condition: 'HasTopic',
      Properties: { QueueName: { Ref: 'Topic' } },
    },
  },
};

/** The template with one property of one resource changed. */
function changed(logicalId: keyof typeof template.Resources, properties: object): object {
  const resource = template.Resources[logicalId];
  const own = 'Properties' in resource ? resource.Properties : {};
  return {
    ...template,
    Resources: {
      ...template.Resources,
      [logicalId]: { ...resource, Properties: { ...own, ...properties } },
    },
  };
}

test('everything made on one machine is read, with its references resolved', () => {
  const read = readTemplate(template, place);

  expect(read.tables).toEqual([
    {
      logicalId: 'Table',
      name: 'local-devices',
      arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/local-devices',
      definition: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
      ttlAttribute: 'expiresAt',
    },
  ]);
  expect(read.queues).toEqual([
    expect.objectContaining({
      name: 'jobs',
      url: 'http://127.0.0.1:9324/000000000000/jobs',
      behaviour: {
        visibilityTimeoutSeconds: 60,
        retentionSeconds: 345_600,
        delaySeconds: 0,
        maximumMessageBytes: 1_048_576,
        receiveWaitSeconds: 0,
        redrive: {
          deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:Dead',
          maxReceiveCount: 10,
        },
      },
    }),
    expect.objectContaining({
      name: 'Dead',
      behaviour: expect.objectContaining({ retentionSeconds: 1_209_600, redrive: undefined }),
    }),
  ]);
  expect(read.functions).toEqual([
    {
      logicalId: 'Sender',
      name: 'app-send',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:app-send',
      handler: 'dist/functions/send.handler',
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      reservedConcurrency: 3,
      role: [],
      environment: {
        TABLE: 'local-devices',
        QUEUES: '{"jobs":"http://127.0.0.1:9324/000000000000/jobs"}',
        KMS_KEY_ID: 'key-1',
        LEASE_MS: '15000',
        URL: 'http://127.0.0.1:3000',
      },
    },
  ]);
  expect(read.eventSources).toEqual([
    {
      logicalId: 'Mapping',
      queue: read.queues[0],
      function: read.functions[0],
      enabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      reportsBatchItemFailures: true,
      maximumConcurrency: 5,
    },
  ]);
  expect(read.routes).toEqual([
    { routeKey: 'POST /send/{id}', function: read.functions[0], timeoutMs: 20_000 },
  ]);
  expect(read.kmsKeys).toEqual(['Key']);
});

test('a parameter overrides its default, and with it conditions', () => {
  const read = readTemplate(template, place, { Topic: 'alarms' });

  expect(read.queues.map(({ name }) => name)).toEqual(['jobs', 'Dead', 'alarms']);
  expect(read.functions[0]?.environment).toHaveProperty('TOPIC', 'alarms');
});

test.each([
  [
    'a reference to nothing',
    changed('Queue', { QueueName: { Ref: 'Nothing' } }),
    'Queue.QueueName: there is no Nothing in the template',
  ],
  [
    'an attribute that exists in AWS only',
    changed('Sender', {
      Environment: { Variables: { A: { 'Fn::GetAtt': ['Table', 'StreamArn'] } } },
    }),
    'Sender.Environment: Table (AWS::DynamoDB::Table) has no attribute StreamArn on one machine',
  ],
  ['a property of another shape', changed('Sender', { Timeout: 'soon' }), 'Sender.Timeout'],
  [
    'a mapping of no queue of the template',
    changed('Mapping', { EventSourceArn: 'arn:aws:sqs:us-east-1:1:other' }),
    'Mapping: arn:aws:sqs:us-east-1:1:other is no queue of the template',
  ],
  [
    'an authorizer',
    changed('Route', { AuthorizationType: 'JWT' }),
    'Route.AuthorizationType: authorizers are not supported',
  ],
  ['no template at all', { Resources: 1 }, 'the template.Resources'],
])('an error names the place: %s', (_name, broken, message) => {
  expect(() => readTemplate(broken, place)).toThrow(message);
});
