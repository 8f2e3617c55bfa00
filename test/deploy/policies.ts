import { array, type InferOutput, object, optional, parse, record, string, unknown } from 'valibot';
import { type Resource, resourcesOf, type Template, targetOf } from './template';

const statementSchema = object({
  Effect: string(),
  Action: array(string()),
  Resource: unknown(),
  Condition: optional(record(string(), record(string(), unknown())), {}),
});
const roleSchema = object({
  Policies: array(object({ PolicyDocument: object({ Statement: array(statementSchema) }) })),
});

type Statement = InferOutput<typeof statementSchema>;

/** One permission of one function. */
export interface Permission {
  /** As in serverless.yml. */
  readonly functionName: string;
  /** `dynamodb`, `sqs`, … */
  readonly service: string;
  /** Without the service. */
  readonly actions: readonly string[];
  /** Logical ids. */
  readonly resources: readonly string[];
  readonly conditions: Statement['Condition'];
}

/** Every permission in the roles of the template's functions. Fails on anything but `Allow` on named resources. */
export function permissionsOf(template: Template): Permission[] {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([, lambda]) => {
    const role = template.Resources[roleOf(lambda)];
    const { Policies } = parse(roleSchema, role?.Properties);
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map((statement) =>
      permissionOf(shortNameOf(lambda), statement),
    );
  });
}

/** Logical id of a function's role. */
export function roleOf(lambda: Resource): string {
  return targetOf(lambda.Properties['Role']);
}

/** `offline-push-local-send-fcm` → `send-fcm`. */
export function shortNameOf(lambda: Resource): string {
  return String(lambda.Properties['FunctionName']).replace('offline-push-local-', '');
}

function permissionOf(functionName: string, statement: Statement): Permission {
  if (statement.Effect !== 'Allow') throw new Error(`${functionName}: ${statement.Effect}`);
  const services = new Set(statement.Action.map((action) => action.split(':')[0] ?? ''));
  const [service = '', ...others] = services;
  if (others.length > 0) throw new Error(`${functionName}: one statement for ${[...services]}`);
  return {
    functionName,
    service,
    actions: statement.Action.map((action) => action.slice(service.length + 1)),
    resources: [statement.Resource].flat().map(targetOf),
    conditions: statement.Condition,
  };
}

/** The partition keys a permission is limited to. */
export function leadingKeysOf({ conditions }: Permission): readonly string[] {
  const keys = conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  return keys === undefined ? [] : parse(array(string()), keys);
}

/** The encryption context a use of the key is limited to, by name. */
export function encryptionContextOf({ conditions }: Permission): Readonly<Record<string, string>> {
  const entries = Object.entries(conditions['StringEquals'] ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replace('kms:EncryptionContext:', ''), String(value)]),
  );
}

/** One line for people: what may be done to what, and under which limits. */
export function summaryOf(permission: Permission): string {
  const context = Object.entries(encryptionContextOf(permission)).map((entry) => entry.join('='));
  const limits = [...leadingKeysOf(permission), ...context];
  return [
    `${permission.service} ${permission.actions.join(' ')}`,
    `on ${permission.resources.join(' ')}`,
    ...(limits.length > 0 ? [`where ${limits.join(' ')}`] : []),
  ].join(' ');
}
