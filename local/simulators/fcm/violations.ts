import type { FieldViolation } from './fcm-errors';
import type { SendIssue } from './message';

/** Fields that are maps: their entries are addressed by position, as in `message.data[0].value`. */
const MAPS: ReadonlySet<string> = new Set(['data', 'headers']);

const TYPES: Readonly<Record<string, string>> = {
  string: 'TYPE_STRING',
  boolean: 'TYPE_BOOL',
  number: 'TYPE_INT32',
  integer: 'TYPE_INT32',
  picklist: 'TYPE_ENUM',
  regex: 'type.googleapis.com/google.protobuf.Duration',
  check: 'type.googleapis.com/google.protobuf.Duration',
  iso_timestamp: 'type.googleapis.com/google.protobuf.Timestamp',
};

/** Says what is wrong with a body in the words of Google's JSON reader. */
export function describeIssue(issue: SendIssue): FieldViolation {
  const path = (issue.path ?? []).map((item) => ({ key: String(item.key), within: item.input }));
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = path.at(-1)?.key ?? '';
    const field = writePath(path.slice(0, -1));
    const at = field === '' ? '' : ` at '${field}'`;
    return {
      field,
      description: `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`,
    };
  }
  const field = writePath(path);
  const type = TYPES[issue.type] ?? 'TYPE_MESSAGE';
  return { field, description: `Invalid value at '${field}' (${type}), ${quote(issue.input)}` };
}

interface Step {
  readonly key: string;
  readonly within: unknown;
}

function writePath(steps: readonly Step[]): string {
  let path = '';
  let parent = '';
  for (const { key, within } of steps) {
    if (Array.isArray(within)) path += `[${key}]`;
    else if (MAPS.has(parent)) path += `[${Object.keys(within ?? {}).indexOf(key)}].value`;
    else path += path === '' ? key : `.${key}`;
    parent = key;
  }
  return path;
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}
