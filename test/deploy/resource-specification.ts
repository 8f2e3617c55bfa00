import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Template } from './template';

const specification = loadAwsServiceSpecSync();

type ResourceType = NonNullable<ReturnType<typeof resourceTypeOf>>;
type Properties = ResourceType['properties'];
type PropertyType = Properties[string]['type'];

function resourceTypeOf(cloudFormationType: string) {
  return specification.lookup('resource', 'cloudFormationType', 'equals', cloudFormationType)[0];
}

/**
 * What CloudFormation would refuse in a template: unknown types, properties, references and attributes,
 * values of the wrong type, and missing properties. Enumerations are not checked; the specification has few.
 */
export function problemsOf(template: Template): string[] {
  const inResources = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const type = resourceTypeOf(resource.Type);
    return type === undefined
      ? [`${id}: unknown resource type ${resource.Type}`]
      : problemsOfObject(resource.Properties, type.properties, id);
  });
  return [...inResources, ...danglingReferences(template)];
}

function problemsOfObject(
  value: Readonly<Record<string, unknown>>,
  properties: Properties,
  path: string,
): string[] {
  const given = Object.entries(value).flatMap(([name, item]) => {
    const property = properties[name];
    if (property === undefined) return [`${path}.${name}: unknown property`];
    const types = [property.type, ...(property.previousTypes ?? [])];
    return fewestProblems(item, types, `${path}.${name}`);
  });
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required === true && !(name in value))
    .map(([name]) => `${path}.${name}: required property is missing`);
  return [...given, ...missing];
}

/** A value fits when it fits one of the types; else the type it fits best says what is wrong. */
function fewestProblems(value: unknown, types: readonly PropertyType[], path: string): string[] {
  const attempts = types.map((type) => problemsOfValue(value, type, path));
  return attempts.reduce((best, next) => (next.length < best.length ? next : best));
}

function problemsOfValue(value: unknown, type: PropertyType, path: string): string[] {
  if (isIntrinsic(value)) return [];
  const expected = (fits: boolean) =>
    fits ? [] : [`${path}: expected ${type.type}, got ${JSON.stringify(value)}`];
  switch (type.type) {
    case 'string':
      return expected(['string', 'number', 'boolean'].includes(typeof value));
    case 'number':
    case 'integer':
      return expected(typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value)));
    case 'boolean':
      return expected(['true', 'false'].includes(String(value)));
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => problemsOfValue(item, type.element, `${path}[${index}]`))
        : expected(false);
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            problemsOfValue(item, type.element, `${path}.${key}`),
          )
        : expected(false);
    case 'ref': {
      const { properties } = specification.get('typeDefinition', type.reference.$ref);
      return isRecord(value) ? problemsOfObject(value, properties, path) : expected(false);
    }
    case 'union':
      return fewestProblems(value, type.types, path);
    default:
      return [];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && /^(Ref|Condition|Fn::.+)$/.test(key);
}

/** References to what is not in the template, or to attributes its resources do not have. */
function danglingReferences(template: Template): string[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
  const dependencies = Object.entries(template.Resources).flatMap(([id, { DependsOn }]) =>
    [DependsOn ?? []].flat().map((target) => ({ path: `${id}.DependsOn`, target: String(target) })),
  );
  const references = [
    ...referencesIn(template.Resources, 'Resources'),
    ...referencesIn(template.Outputs, 'Outputs'),
  ];
  return [...dependencies, ...references].flatMap(({ path, target }) => {
    const [id = '', ...rest] = target.split('.');
    if (id.startsWith('AWS::')) return [];
    if (!known.has(id)) return [`${path}: there is no ${id}`];
    const attribute = rest.join('.');
    return attribute === '' || hasAttribute(template, id, attribute)
      ? []
      : [`${path}: ${id} has no attribute ${attribute}`];
  });
}

function hasAttribute(template: Template, id: string, attribute: string): boolean {
  const type = resourceTypeOf(template.Resources[id]?.Type ?? '');
  return type !== undefined && (attribute in type.attributes || attribute in type.properties);
}

/** Targets as `Id` or `Id.Attribute`. */
function referencesIn(value: unknown, path: string): { path: string; target: string }[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => referencesIn(item, `${path}[${index}]`));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    switch (key) {
      case 'Ref':
        return [{ path, target: String(item) }];
      case 'Fn::GetAtt':
        return [{ path, target: [item].flat().join('.') }];
      case 'Fn::Sub':
        return Array.from(String(item).matchAll(/\$\{([^!}][^}]*)\}/g), ([, target = '']) => ({
          path,
          target,
        }));
      default:
        return referencesIn(item, `${path}.${key}`);
    }
  });
}
