import { type AttributeValue, dynaliteDb, type Item } from './dynalite';

/** Steps of a document path: attribute names and list positions. */
export type Path = readonly (string | number)[];

/** A function on operands, such as `size`. */
export interface FunctionCall {
  readonly type: 'function';
  readonly name: string;
  readonly args: readonly Operand[];
}

export type Operand = Path | FunctionCall | AttributeValue;

/** A condition as dynalite parses it. */
export type Condition =
  | { readonly type: 'and' | 'or' | 'not'; readonly args: readonly Condition[] }
  | { readonly type: Comparison; readonly args: readonly Operand[] }
  | FunctionCall;

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'between' | 'in';

type Value = AttributeValue | undefined;

/**
 * Whether a condition holds for an item. dynalite's own check cannot compare lists and maps, takes an empty text
 * and `false` for missing, and finds two missing attributes equal; order and text search are left to it.
 */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.type) {
    case 'and':
      return condition.args.every((arg) => holds(arg, item));
    case 'or':
      return condition.args.some((arg) => holds(arg, item));
    case 'not':
      return !condition.args.some((arg) => holds(arg, item));
    case 'function':
      return test(condition.name, valuesOf(condition.args, item));
    default:
      return test(condition.type, valuesOf(condition.args, item));
  }
}

function test(operator: string, [subject, ...others]: readonly Value[]): boolean {
  const [other, upper] = others;
  switch (operator) {
    case 'attribute_exists':
      return subject !== undefined;
    case 'attribute_not_exists':
      return subject === undefined;
    case '=':
      return areEqual(subject, other);
    case '<>':
      return !areEqual(subject, other);
    case 'in':
      return others.some((one) => areEqual(subject, one));
    case 'between':
      return delegate('>=', subject, other) && delegate('<=', subject, upper);
    case 'attribute_type':
      return subject !== undefined && areEqual({ S: typeOf(subject) }, other);
    case 'contains':
      if (subject !== undefined && 'L' in subject) {
        return subject.L.some((element) => areEqual(element, other));
      }
      return delegate('contains', subject, other);
    default:
      return delegate(operator, subject, other);
  }
}

function delegate(operator: string, one: Value, other: Value): boolean {
  return one !== undefined && other !== undefined && dynaliteDb.compare(operator, one, [other]);
}

function valuesOf(operands: readonly Operand[], item: Item): readonly Value[] {
  return operands.map((operand) => {
    if (isPath(operand)) return dynaliteDb.mapPath(operand, item) ?? undefined;
    if (!('type' in operand)) return operand;
    // the parser lets no other function stand for a value
    return sizeOf(valuesOf(operand.args, item)[0]);
  });
}

function isPath(operand: Operand): operand is Path {
  return Array.isArray(operand);
}

/** What `size` answers: bytes of binary, length of a text, elements of anything else; nothing for scalars. */
function sizeOf(value: Value): Value {
  if (value === undefined || 'N' in value || 'BOOL' in value || 'NULL' in value) return undefined;
  if ('B' in value) return { N: String(Buffer.byteLength(value.B, 'base64')) };
  if ('M' in value) return { N: String(Object.keys(value.M).length) };
  const [elements] = Object.values(value);
  return { N: String(elements.length) };
}

function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? '';
}

function areEqual(one: Value, other: Value): boolean {
  if (one === undefined || other === undefined || typeOf(one) !== typeOf(other)) return false;
  if ('L' in one && 'L' in other) {
    return (
      one.L.length === other.L.length &&
      one.L.every((element, index) => areEqual(element, other.L[index]))
    );
  }
  if ('M' in one && 'M' in other) {
    const names = Object.keys(one.M);
    return (
      names.length === Object.keys(other.M).length &&
      names.every((name) => areEqual(one.M[name], other.M[name]))
    );
  }
  return dynaliteDb.compare('=', one, [other]);
}
