import * as v from 'valibot';
import { validationError } from './service-error';

/** Parses a request dynalite has no rules for, or refuses it with the place of the first mistake. */
export function parseInput<Schema extends v.GenericSchema>(
  schema: Schema,
  body: object,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw validationError(
    `1 validation error detected: Value at '${v.getDotPath(issue) ?? 'request'}' failed to satisfy constraint: ${issue.message}`,
  );
}
