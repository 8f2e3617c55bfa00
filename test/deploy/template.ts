import { readFileSync } from 'node:fs';
import { array, type InferOutput, object, optional, parse, record, string, unknown } from 'valibot';

const resourceSchema = object({
  Type: string(),
  Properties: optional(record(string(), unknown()), {}),
  DependsOn: optional(unknown()),
  DeletionPolicy: optional(string()),
  UpdateReplacePolicy: optional(string()),
});
const templateSchema = object({
  Parameters: optional(record(string(), unknown()), {}),
  Conditions: optional(record(string(), unknown()), {}),
  Resources: record(string(), resourceSchema),
  Outputs: optional(record(string(), unknown()), {}),
});
const getAttSchema = object({ 'Fn::GetAtt': array(string()) });
const environmentSchema = object({ Variables: record(string(), unknown()) });

/** A compiled CloudFormation template, as far as the tests read it. */
export type Template = InferOutput<typeof templateSchema>;
export type Resource = Template['Resources'][string];

/** Where `npm run package` leaves the template. */
export const PACKAGED_TEMPLATE = '.serverless/cloudformation-template-update-stack.json';

export function readTemplate(file: string): Template {
  return parse(templateSchema, JSON.parse(readFileSync(file, 'utf8')));
}

/** Resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id in `{"Fn::GetAtt": [id, …]}`. */
export function targetOf(value: unknown): string {
  return parse(getAttSchema, value)['Fn::GetAtt'][0] ?? '';
}

/** A function's environment variables. */
export function environmentOf(lambda: Resource): Readonly<Record<string, unknown>> {
  return parse(environmentSchema, lambda.Properties['Environment']).Variables;
}

/** Every string in a value, with the path that leads to it. */
export function stringsIn(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, `${path}.${key}`));
}
