import { TemplateError } from './intrinsics';

/** Where the stack is made: what its resources' names, ARNs and addresses are built from. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  queueUrl(queueName: string): string;
  /** Base address of the HTTP API. */
  readonly apiUrl: string;
  /** Every KMS key of the template is this one. */
  readonly kmsKeyId: string;
}

/** A resource as the template declares it. `property` resolves one of its properties. */
export interface DeclaredResource {
  readonly logicalId: string;
  readonly type: string;
  property(name: string): string | undefined;
}

interface PhysicalResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Describe = (resource: DeclaredResource, place: Place) => PhysicalResource;

/** What `Ref` and `Fn::GetAtt` give for each type of resource that exists on one machine. */
const PHYSICAL_RESOURCES: Readonly<Record<string, Describe>> = {
  'AWS::DynamoDB::Table': (resource, place) => {
    const name = resource.property('TableName') ?? resource.logicalId;
    return { ref: name, attributes: { Arn: arn(place, 'dynamodb', `table/${name}`) } };
  },
  'AWS::SQS::Queue': (resource, place) => {
    const name = resource.property('QueueName') ?? resource.logicalId;
    const url = place.queueUrl(name);
    return {
      ref: url,
      attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: url },
    };
  },
  'AWS::Lambda::Function': (resource, place) => {
    const name = resource.property('FunctionName') ?? resource.logicalId;
    return { ref: name, attributes: { Arn: arn(place, 'lambda', `function:${name}`) } };
  },
  'AWS::KMS::Key': (_resource, place) => ({
    ref: place.kmsKeyId,
    attributes: { Arn: arn(place, 'kms', `key/${place.kmsKeyId}`), KeyId: place.kmsKeyId },
  }),
  'AWS::KMS::Alias': (resource) => ({
    ref: resource.property('AliasName') ?? resource.logicalId,
    attributes: {},
  }),
  'AWS::ApiGatewayV2::Api': (_resource, place) => ({
    ref: 'local',
    attributes: { ApiId: 'local', ApiEndpoint: place.apiUrl },
  }),
  'AWS::ApiGatewayV2::Integration': ({ logicalId }) => ({
    ref: logicalId,
    attributes: { IntegrationId: logicalId },
  }),
  'AWS::IAM::Role': (resource, place) => {
    const name = resource.property('RoleName') ?? resource.logicalId;
    return {
      ref: name,
      attributes: { Arn: `arn:aws:iam::${place.accountId}:role/${name}`, RoleId: name },
    };
  },
  'AWS::Logs::LogGroup': (resource, place) => {
    const name = resource.property('LogGroupName') ?? resource.logicalId;
    return { ref: name, attributes: { Arn: arn(place, 'logs', `log-group:${name}:*`) } };
  },
};

/** The value of `Ref`. */
export function refOf(resource: DeclaredResource, place: Place): string {
  return describe(resource, place).ref;
}

/** The value of `Fn::GetAtt`. */
export function attributeOf(resource: DeclaredResource, name: string, place: Place): string {
  const value = describe(resource, place).attributes[name];
  if (value === undefined) {
    throw new TemplateError(
      `${resource.logicalId} (${resource.type}) has no attribute ${name} on one machine`,
    );
  }
  return value;
}

function describe(resource: DeclaredResource, place: Place): PhysicalResource {
  const describeType = PHYSICAL_RESOURCES[resource.type];
  if (!describeType) {
    throw new TemplateError(
      `${resource.logicalId} (${resource.type}) does not exist on one machine`,
    );
  }
  return describeType(resource, place);
}

function arn(place: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${place.region}:${place.accountId}:${resource}`;
}
