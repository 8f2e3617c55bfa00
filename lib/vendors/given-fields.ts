import {
  array,
  check,
  type GenericSchema,
  number,
  type ObjectEntries,
  object,
  pipe,
  safeParse,
  string,
  transform,
} from 'valibot';
import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import { anyObject } from './field-schemas';

/**
 * Members of a `pushPayload` that are one vendor's. Blank members, as in the templates of NIM's document, are taken for
 * absent: `""`, `null`, `{}` and `[]`. What lies in a `data`, or in the members like it, is the app's own and stays as it is.
 */
export function givenFields<const Entries extends ObjectEntries>(entries: Entries) {
  return pipe(anyObject, transform(withoutBlanks), object(entries));
}

/** The members of a notification's fields; none if they are not as they should be, for they come through a queue. */
export function readFields<Fields extends object>(
  schema: GenericSchema<unknown, Fields>,
  fields: JsonObject | undefined,
): Partial<Fields> {
  const parsed = safeParse(schema, fields ?? {});
  return parsed.success ? parsed.output : {};
}

const APPS_OWN = new Set(['data', 'action_parameters', 'clientCustomMap']);

function withoutBlanks(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, APPS_OWN.has(name) ? value : withoutBlanksIn(value)] as const)
      .filter(([, value]) => !isBlank(value)),
  );
}

function withoutBlanksIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanksIn);
  return isJsonObject(value) ? withoutBlanks(value) : value;
}

function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/** A whole number from `least` to `most`, and no text of one. */
export function integer(least: number, most: number) {
  const message = `must be a whole number of ${least} to ${most}`;
  return pipe(
    number(message),
    check((value) => Number.isInteger(value) && value >= least && value <= most, message),
  );
}

/** A list of at most `most` items. */
export function listOf<const Item extends Parameters<typeof array>[0]>(item: Item, most: number) {
  return pipe(
    array(item, 'must be a list'),
    check((items) => items.length <= most, `must have at most ${most} items`),
  );
}

/** An object without some of its members. */
export function omit(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** An address these vendors load or open: https alone. */
export const secureAddress = pipe(
  string('must be an https URL'),
  check((url) => /^https:\/\/\S+$/.test(url) && URL.canParse(url), 'must be an https URL'),
);

/** JSON in a text: an app that is opened by a click reads it. */
export const jsonText = pipe(
  string('must be a string of JSON'),
  check((value) => jsonOf(value) !== undefined, 'must be a string of JSON'),
);

/** A moment, as in `2026-10-02T15:01:23.045123456Z`. */
export const utcTime = pipe(
  string('must be a UTC time like "2026-10-02T15:01:23Z"'),
  check(
    (time) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(time) && !Number.isNaN(Date.parse(time)),
    'must be a UTC time like "2026-10-02T15:01:23Z"',
  ),
);
