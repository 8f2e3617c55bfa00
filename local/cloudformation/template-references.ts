import * as v from 'valibot';
import {
  evaluateCondition,
  NO_VALUE,
  type References,
  resolveIntrinsics,
  TemplateError,
} from './intrinsics';
import { attributeOf, type DeclaredResource, type Place, refOf } from './physical-resources';

/** The parts of a template that its values may refer to. */
export const templateSections = v.object({
  Parameters: v.optional(
    v.record(v.string(), v.looseObject({ Default: v.optional(v.unknown()) })),
    {},
  ),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Mappings: v.optional(
    v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))),
    {},
  ),
  Resources: v.record(
    v.string(),
    v.looseObject({
      Type: v.string(),
      Condition: v.optional(v.string()),
      Properties: v.optional(v.record(v.string(), v.unknown()), {}),
    }),
  ),
});
type Sections = v.InferOutput<typeof templateSections>;

/** Looks up what a template's values refer to. `parameters` override the template's defaults. */
export function createReferences(
  { Parameters, Conditions, Mappings, Resources }: Sections,
  place: Place,
  parameters: Readonly<Record<string, string>>,
): References {
  const pseudoParameters = new Map<string, unknown>([
    ['AWS::Region', place.region],
    ['AWS::AccountId', place.accountId],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', place.stackName],
    [
      'AWS::StackId',
      `arn:aws:cloudformation:${place.region}:${place.accountId}:stack/${place.stackName}/local`,
    ],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', NO_VALUE],
  ]);

  function declared(logicalId: string): DeclaredResource {
    const resource = Resources[logicalId];
    if (!resource) throw new TemplateError(`there is no ${logicalId} in the template`);
    return {
      logicalId,
      type: resource.Type,
      property: (name) => {
        const value = resolveIntrinsics(resource.Properties[name], references);
        return value === undefined || value === NO_VALUE ? undefined : String(value);
      },
    };
  }

  const references: References = {
    ref(logicalId) {
      if (pseudoParameters.has(logicalId)) return pseudoParameters.get(logicalId);
      const parameter = Parameters[logicalId];
      if (!parameter) return refOf(declared(logicalId), place);
      const value = parameters[logicalId] ?? parameter.Default;
      if (value === undefined) throw new TemplateError(`parameter ${logicalId} has no value`);
      return value;
    },
    attribute: (logicalId, name) => attributeOf(declared(logicalId), name, place),
    condition(name) {
      if (!(name in Conditions)) throw new TemplateError(`there is no condition ${name}`);
      return evaluateCondition(Conditions[name], references);
    },
    mapping(name, first, second) {
      const value = Mappings[name]?.[first]?.[second];
      if (value === undefined) {
        throw new TemplateError(`there is no ${first}.${second} in the mapping ${name}`);
      }
      return value;
    },
  };
  return references;
}

/** Parses one part of a template; the error names the part and the place in it. */
export function parseTemplatePart<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
  where: string,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new TemplateError(
    `${[where, v.getDotPath(issue)].filter(Boolean).join('.')}: ${issue.message}`,
  );
}
