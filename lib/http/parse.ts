import * as v from 'valibot';
import { type FieldError, Refusal } from '../model/errors';
import { nimCodeOf } from './nim-code';

/** Parses what a caller sent; throws `Refusal` 400 with the path of every wrong field. */
export function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  prefix = '',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new Refusal(
    400,
    'the request has invalid fields',
    result.issues.flatMap((issue) => fieldErrors(issue, prefix)),
  );
}

/** Reads a body as JSON; throws `Refusal` 400 when it is none, or no object. */
export function parseJson(body: string): object {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'the body is not JSON', [{ path: '', message: 'must be valid JSON' }]);
  }
  // to some schemas a list is an object without fields
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Refusal(400, 'the request has invalid fields', [
    { path: '', message: 'must be an object' },
  ]);
}

/** What is wrong, by field; the message never repeats the value, which may be a token. */
function fieldErrors(issue: v.BaseIssue<unknown>, prefix: string): FieldError[] {
  const path = pathOf(issue, prefix);
  // of what the options of a union say, that which goes deeper comes from the one that was meant
  const deeper =
    issue.type === 'union' ? (issue.issues ?? []).filter((one) => one.path !== undefined) : [];
  if (deeper.length > 0) return deeper.flatMap((one) => fieldErrors(one, path));
  const code = nimCodeOf(path, issue.type === 'max_length' && Array.isArray(issue.input));
  return [{ path, message: messageOf(issue), ...(code === undefined ? {} : { code }) }];
}

/** The path as callers read it: `messages[0].type`. */
function pathOf({ path }: v.BaseIssue<unknown>, prefix: string): string {
  return (path ?? []).reduce(
    (text, { key }) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : text === ''
          ? String(key)
          : `${text}.${String(key)}`,
    prefix,
  );
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not a known field';
  if (issue.kind === 'schema') {
    if (issue.received === 'undefined') return 'is required';
    // valibot's own words hold the value
    const isOwn = !issue.message.startsWith('Invalid ');
    return isOwn ? issue.message : `must be ${issue.expected ?? issue.type}`;
  }
  return issue.message;
}
