import type * as v from 'valibot';

/** Checks of the form that are about a value rather than about its type. */
const VALUE_SCHEMAS: ReadonlySet<string> = new Set(['picklist', 'literal']);

/** Characters of a wrong value that an answer shows. */
const MAX_SHOWN = 100;

/** Whether a field has the right type but a value that is not allowed. */
export function isAboutValue(issue: v.BaseIssue<unknown>): boolean {
  const missing = issue.input === undefined;
  return !missing && (issue.kind === 'validation' || VALUE_SCHEMAS.has(issue.type));
}

/** Where and what is wrong, for an answer's `msg`. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  if (issue.kind === 'schema' && issue.expected === 'never') return `${path} does not exist`;
  // a check that has words of its own says them
  if (issue.type === 'check') return `${path}: ${issue.message}`;
  const received = issue.received.slice(0, MAX_SHOWN);
  return `${path}: expected ${issue.expected ?? 'another value'}, got ${received}`;
}
