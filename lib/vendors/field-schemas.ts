import {
  array,
  boolean,
  check,
  custom,
  looseObject,
  maxLength,
  number,
  type ObjectEntries,
  object,
  picklist,
  pipe,
  rawCheck,
  regex,
  string,
  transform,
  union,
  unknown,
} from 'valibot';
import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import { isVisible } from './texts';

/**
 * Pieces of the schemas for vendors' fields in a `pushPayload`. Their messages go behind the field's path, as in
 * `xiaomiField.notify_effect must be 1, 2 or 3`, and never repeat what was given.
 */

const AN_OBJECT = 'must be an object';
const A_STRING = 'must be a string';

/** Any JSON object, and no list. */
export const anyObject = custom<JsonObject>(isJsonObject, AN_OBJECT);

/** A JSON object with these members; others pass, and are kept. */
export function openObject<const Entries extends ObjectEntries>(entries: Entries) {
  return pipe(anyObject, looseObject(entries, AN_OBJECT));
}

/** A JSON object with these members; others pass, and are left out. */
export function knownObject<const Entries extends ObjectEntries>(entries: Entries) {
  return pipe(anyObject, object(entries, AN_OBJECT));
}

/** A text of at most `most` UTF-16 units, if there is a limit. */
export function text(most = Number.POSITIVE_INFINITY) {
  return pipe(string(A_STRING), maxLength(most, `must have at most ${most} characters`));
}

/** A text of the notification: of any length, since it is cut, but with something to see. */
export const shownText = pipe(string(A_STRING), check(isVisible, 'must not be blank'));

/** A text of a form of its own; `form` ends the sentence "must be". */
export function textLike(pattern: RegExp, form: string) {
  return pipe(string(A_STRING), regex(pattern, `must be ${form}`));
}

/** An address of the web. */
export const webAddress = pipe(
  string(A_STRING),
  check(
    (value) => /^https?:\/\/\S+$/i.test(value) && URL.canParse(value),
    'must be an http or https URL',
  ),
);

export const truth = boolean('must be true or false');

/** One of a few words or numbers, as they are. */
export function oneOf<const Option extends string | number>(...options: readonly Option[]) {
  return picklist(options, `must be ${listed(options)}`);
}

/** One of a few numbers, also as digits in a text, the way vendors' own forms have them. */
export function oneOfNumbers<const Option extends number>(...options: readonly Option[]) {
  const message = `must be ${listed(options)}`;
  return pipe(unknown(), transform(numberOf), picklist(options, message));
}

/** A whole number from `least` to `most`, also as digits in a text. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number of ${least} to ${most}`;
  return pipe(
    unknown(),
    transform(numberOf),
    number(message),
    check((value) => Number.isInteger(value) && value >= least && value <= most, message),
  );
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

/** A list of texts, also as the JSON text of one. */
export const texts = pipe(
  unknown(),
  transform((value) => (typeof value === 'string' ? jsonOf(value) : value)),
  array(string(A_STRING), 'must be a list of strings'),
);

/** A JSON object, also as the JSON text of one. */
export const objectOrItsText = pipe(
  union([string(), anyObject], AN_OBJECT),
  transform((value) => (typeof value === 'string' ? jsonOf(value) : value)),
  anyObject,
);

/** What is wrong with a member, where only several together show it. */
export interface FieldProblem {
  /** Of a member that is there, so that it can be left out. */
  readonly path: readonly [string, ...string[]];
  readonly message: string;
}

/** A rule over several members of an object. */
export function rule<Fields extends object>(
  problemOf: (fields: Fields) => FieldProblem | undefined,
) {
  return rawCheck<Fields>(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(dataset.value) : undefined;
    if (problem === undefined) return;
    const [first, ...rest] = problem.path.map(
      (key) =>
        ({
          type: 'unknown',
          origin: 'value',
          input: dataset.value,
          key,
          value: undefined,
        }) as const,
    );
    if (first !== undefined) addIssue({ message: problem.message, path: [first, ...rest] });
  });
}

function listed(options: readonly (string | number)[]): string {
  const names = options.map(String);
  const last = names.pop();
  return names.length === 0 ? `${last}` : `${names.join(', ')} or ${last}`;
}
