import * as v from 'valibot';
import type { Statement } from '../iam/policy';
import type { QueueBehaviour } from '../sqs/queue-settings';
import {
  isRecord,
  NO_VALUE,
  type References,
  resolveIntrinsics,
  TemplateError,
} from './intrinsics';
import type { Place } from './physical-resources';
import {
  eventSourceProperties,
  functionProperties,
  integrationProperties,
  queueProperties,
  roleProperties,
  routeProperties,
  tableProperties,
} from './resource-properties';
import { createReferences, parseTemplatePart, templateSections } from './template-references';

interface Identity {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

/** A DynamoDB table. */
export interface TemplateTable extends Identity {
  /** The input of `CreateTable`. */
  readonly definition: Omit<
    v.InferOutput<typeof tableProperties>,
    'TableName' | 'TimeToLiveSpecification'
  >;
  /** Name of the attribute that says when an item expires. */
  readonly ttlAttribute: string | undefined;
}

/** An SQS queue. */
export interface TemplateQueue extends Identity {
  readonly url: string;
  readonly behaviour: QueueBehaviour;
}

/** A Lambda function. */
export interface TemplateFunction extends Identity {
  /** Path of the module and name of its export: `dist/functions/read-trace.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | undefined;
  /** What it may do; undefined when the template does not say. */
  readonly role: readonly Statement[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** A queue that feeds a function. */
export interface TemplateEventSource {
  readonly logicalId: string;
  readonly queue: TemplateQueue;
  readonly function: TemplateFunction;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsBatchItemFailures: boolean;
  readonly maximumConcurrency: number | undefined;
}

/** A route of the HTTP API, and the function behind it. */
export interface TemplateRoute {
  /** `GET /v1/accounts/{accountId}` or `$default`. */
  readonly routeKey: string;
  readonly function: TemplateFunction;
  readonly timeoutMs: number;
}

/** What of a packaged template is made on one machine. */
export interface Template {
  readonly tables: readonly TemplateTable[];
  readonly queues: readonly TemplateQueue[];
  readonly functions: readonly TemplateFunction[];
  readonly eventSources: readonly TemplateEventSource[];
  readonly routes: readonly TemplateRoute[];
  /** Logical ids; they all stand for the one local key. */
  readonly kmsKeys: readonly string[];
}

/**
 * Reads a packaged CloudFormation template (parsed JSON). Only what is made here is resolved; a value
 * that can't be throws a `TemplateError` naming the resource. `parameters` override the defaults.
 */
export function readTemplate(
  template: unknown,
  place: Place,
  parameters: Readonly<Record<string, string>> = {},
): Template {
  const parsed = parseTemplatePart(templateSections, template, 'the template');
  const references = createReferences(parsed, place, parameters);

  function all<const TSchema extends v.GenericSchema>(type: string, schema: TSchema) {
    return Object.entries(parsed.Resources)
      .filter(([, resource]) => resource.Type === type)
      .filter(([, { Condition }]) => Condition === undefined || references.condition(Condition))
      .map(([logicalId, resource]) => ({
        logicalId,
        properties: readProperties(schema, logicalId, resource.Properties, references),
      }));
  }

  const identify = (logicalId: string, name: string | undefined): Identity => ({
    logicalId,
    name: name ?? logicalId,
    arn: String(references.attribute(logicalId, 'Arn')),
  });

  const tables = all('AWS::DynamoDB::Table', tableProperties).map(({ logicalId, properties }) => {
    const { TableName, TimeToLiveSpecification: ttl, ...definition } = properties;
    return {
      ...identify(logicalId, TableName),
      definition,
      ttlAttribute: ttl?.Enabled ? ttl.AttributeName : undefined,
    };
  });

  const queues = all('AWS::SQS::Queue', queueProperties).map(({ logicalId, properties }) => ({
    ...identify(logicalId, properties.QueueName),
    url: String(references.ref(logicalId)),
    behaviour: {
      visibilityTimeoutSeconds: properties.VisibilityTimeout,
      retentionSeconds: properties.MessageRetentionPeriod,
      delaySeconds: properties.DelaySeconds,
      maximumMessageBytes: properties.MaximumMessageSize,
      receiveWaitSeconds: properties.ReceiveMessageWaitTimeSeconds,
      redrive: properties.RedrivePolicy,
    },
  }));

  const roles = new Map(
    all('AWS::IAM::Role', roleProperties).map(({ logicalId, properties }) => [
      String(references.attribute(logicalId, 'Arn')),
      properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map(
        statementOf,
      ),
    ]),
  );

  const functions = all('AWS::Lambda::Function', functionProperties).map(
    ({ logicalId, properties }) => ({
      ...identify(logicalId, properties.FunctionName),
      handler: properties.Handler,
      timeoutSeconds: properties.Timeout,
      memoryMegabytes: properties.MemorySize,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      role: roles.get(properties.Role ?? ''),
      environment: properties.Environment.Variables,
    }),
  );

  const eventSources = all('AWS::Lambda::EventSourceMapping', eventSourceProperties).map(
    ({ logicalId, properties }) => ({
      logicalId,
      queue: find(queues, properties.EventSourceArn, logicalId, 'queue'),
      function: find(functions, properties.FunctionName, logicalId, 'function'),
      enabled: properties.Enabled,
      batchSize: properties.BatchSize,
      batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
      reportsBatchItemFailures:
        properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      maximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
    }),
  );

  const integrations = new Map(
    all('AWS::ApiGatewayV2::Integration', integrationProperties).map((integration) => [
      integration.logicalId,
      integration.properties,
    ]),
  );
  const routes = all('AWS::ApiGatewayV2::Route', routeProperties).map(
    ({ logicalId, properties }) => {
      const integration = integrations.get(properties.Target.replace('integrations/', ''));
      if (!integration) {
        throw new TemplateError(`${logicalId}: no integration ${properties.Target}`);
      }
      return {
        routeKey: properties.RouteKey,
        function: find(functions, integration.IntegrationUri, logicalId, 'function'),
        timeoutMs: integration.TimeoutInMillis,
      };
    },
  );

  const kmsKeys = all('AWS::KMS::Key', v.unknown()).map(({ logicalId }) => logicalId);
  return { tables, queues, functions, eventSources, routes, kmsKeys };
}

type PolicyStatement = v.InferOutput<
  typeof roleProperties
>['Policies'][number]['PolicyDocument']['Statement'][number];

function statementOf({ Action, Resource, Condition }: PolicyStatement): Statement {
  return {
    actions: Action,
    resources: [Resource].flat(),
    allLike: Condition['ForAllValues:StringLike'],
    equal: Condition.StringEquals,
  };
}

/** Resolves the properties the schema names, and no others: those may refer to what exists in AWS only. */
function readProperties<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  references: References,
): v.InferOutput<TSchema> {
  const known = 'entries' in schema && isRecord(schema.entries) ? schema.entries : {};
  const resolved: Record<string, unknown> = {};
  for (const name of Object.keys(properties).filter((property) => property in known)) {
    try {
      const value = resolveIntrinsics(properties[name], references);
      if (value !== NO_VALUE) resolved[name] = value;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new TemplateError(`${logicalId}.${name}: ${error.message}`, { cause: error });
    }
  }
  return parseTemplatePart(schema, resolved, logicalId);
}

/** Finds by ARN or name; API Gateway's addresses hold the function's ARN in their middle. */
function find<T extends Identity>(
  candidates: readonly T[],
  reference: string,
  logicalId: string,
  kind: string,
): T {
  const found = candidates.find(
    ({ arn, name }) =>
      reference === arn || reference === name || reference.includes(`functions/${arn}/`),
  );
  if (!found) throw new TemplateError(`${logicalId}: ${reference} is no ${kind} of the template`);
  return found;
}
