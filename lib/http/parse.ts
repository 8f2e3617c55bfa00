import * as v from 'valibot';
import { type FieldError, Refusal } from '../model/errors';

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
    result.issues.map((issue) => fieldError(issue, prefix)),
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

/** The path as callers read it (`messages[0].type`); the message never repeats the value, which may be a token. */
function fieldError(issue: v.BaseIssue<unknown>, prefix: string): FieldError {
  const path = (issue.path ?? []).reduce(
    (text, { key }) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : text === ''
          ? String(key)
          : `${text}.${String(key)}`,
    prefix,
  );
  return { path, message: messageOf(issue) };
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object') {
    return issue.expected === 'never' ? 'is not a known field' : 'is required';
  }
  if (issue.kind === 'schema') {
    return issue.received === 'undefined'
      ? 'is required'
      : `must be ${issue.expected ?? issue.type}`;
  }
  return issue.message;
}
