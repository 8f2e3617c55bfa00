/** As much of JSON Schema 2020-12 as the API's description uses; any other keyword fails the test that meets it. */

type Rule = (value: unknown, argument: unknown, context: Context) => readonly string[];

interface Context {
  readonly schema: Schema;
  readonly root: unknown;
  readonly path: string;
}

export type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with a value, one line each. `root` is the document that references point into. */
export function errorsIn(value: unknown, schema: unknown, root: unknown, path = '$'): string[] {
  const own = schemaOf(schema);
  return Object.entries(own).flatMap(([keyword, argument]) => {
    const rule = RULES[keyword];
    if (rule === undefined) throw new Error(`${path}: the keyword ${keyword} is not understood`);
    return rule(value, argument, { schema: own, root, path });
  });
}

/** What a reference like `#/components/schemas/Problem` points at. */
export function resolve(reference: unknown, root: unknown): unknown {
  const [start, ...steps] = String(reference).split('/');
  const found = steps.reduce<unknown>(
    (at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
    start === '#' ? root : undefined,
  );
  if (found === undefined) throw new Error(`${reference} points nowhere`);
  return found;
}

/** Goes through a schema and those inside it; throws at a keyword it does not know or an argument it cannot use. */
export function checkSchema(schema: unknown, root: unknown): void {
  const { $ref, properties, items, anyOf, additionalProperties, propertyNames, pattern, ...rest } =
    schemaOf(schema);
  for (const keyword of Object.keys(rest)) {
    if (RULES[keyword] === undefined) throw new Error(`the keyword ${keyword} is not understood`);
  }
  if ($ref !== undefined) resolve($ref, root);
  if (pattern !== undefined) new RegExp(String(pattern), 'u');
  const inside = [
    ...(isObject(properties) ? Object.values(properties) : []),
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...[items, additionalProperties, propertyNames].filter(isObject),
  ];
  for (const one of inside) checkSchema(one, root);
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaOf(schema: unknown): Schema {
  if (!isObject(schema)) throw new Error(`${JSON.stringify(schema)} is no schema`);
  return schema;
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      throw new Error(`${type} is no type`);
  }
}

const when =
  <Value>(
    is: (value: unknown) => value is Value,
    holds: (value: Value, argument: unknown) => boolean,
    words: string,
  ): Rule =>
  (value, argument, { path }) =>
    is(value) && !holds(value, argument)
      ? [`${path} ${words} ${JSON.stringify(argument)}: ${JSON.stringify(value)}`]
      : [];

const isAny = (value: unknown): value is unknown => value !== undefined;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const note: Rule = () => [];

const RULES: Readonly<Record<string, Rule>> = {
  description: note,
  default: note,
  type: when(isAny, (value, types) => [types].flat().some((one) => isOfType(value, one)), 'is not'),
  const: when(isAny, (value, wanted) => value === wanted, 'is not'),
  enum: when(isAny, (value, list) => Array.isArray(list) && list.includes(value), 'is none of'),
  minLength: when(isText, (text, least) => [...text].length >= Number(least), 'is shorter than'),
  maxLength: when(isText, (text, most) => [...text].length <= Number(most), 'is longer than'),
  pattern: when(isText, (text, pattern) => new RegExp(String(pattern), 'u').test(text), 'is not'),
  format: when(isText, (text, format) => format === 'uri' && URL.canParse(text), 'is no'),
  minimum: when(isNumber, (value, least) => value >= Number(least), 'is less than'),
  maximum: when(isNumber, (value, most) => value <= Number(most), 'is more than'),
  minItems: when(isList, (list, least) => list.length >= Number(least), 'has fewer than'),
  maxItems: when(isList, (list, most) => list.length <= Number(most), 'has more than'),
  maxProperties: when(
    isObject,
    (value, most) => Object.keys(value).length <= Number(most),
    'has more than',
  ),

  $ref: (value, reference, { root, path }) => errorsIn(value, resolve(reference, root), root, path),
  anyOf(value, options, { root, path }) {
    const errors = (Array.isArray(options) ? options : []).map((option) =>
      errorsIn(value, option, root, path),
    );
    return errors.some((own) => own.length === 0) ? [] : errors.flat();
  },
  items: (list, schema, { root, path }) =>
    isList(list) ? list.flatMap((item, at) => errorsIn(item, schema, root, `${path}[${at}]`)) : [],
  required: (value, names, { path }) =>
    isObject(value) && Array.isArray(names)
      ? names.filter((name) => !Object.hasOwn(value, name)).map((name) => `${path} lacks ${name}`)
      : [],
  properties: (value, properties, { root, path }) =>
    isObject(value)
      ? Object.entries(schemaOf(properties))
          .filter(([name]) => Object.hasOwn(value, name))
          .flatMap(([name, schema]) => errorsIn(value[name], schema, root, `${path}.${name}`))
      : [],
  propertyNames: (value, schema, { root, path }) =>
    isObject(value)
      ? Object.keys(value).flatMap((name) => errorsIn(name, schema, root, `${path} (${name})`))
      : [],
  additionalProperties(value, allowed, { schema, root, path }) {
    if (!isObject(value)) return [];
    const known = Object.keys(schemaOf(schema['properties'] ?? {}));
    return Object.entries(value)
      .filter(([name]) => !known.includes(name))
      .flatMap(([name, one]) =>
        allowed === false
          ? [`${path} has ${name}, which is not described`]
          : errorsIn(one, allowed, root, `${path}.${name}`),
      );
  },
};
