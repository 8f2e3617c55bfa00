/**
 * CloudFormation's intrinsic functions, as far as a packaged template of ours uses them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */

/** What a template can be asked for while its values are resolved. */
export interface References {
  /** Value of a parameter, a pseudo parameter or a resource's `Ref`. */
  ref(logicalId: string): unknown;
  /** Value of a resource's attribute. */
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(name: string, first: string, second: string): unknown;
}

/** The value of `AWS::NoValue`: whatever holds it is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

/** A template that cannot be made on one machine; the message names the place in it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Replaces every intrinsic function in `value`, which itself stays unchanged. */
export function resolveIntrinsics(value: unknown, references: References): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveIntrinsics(item, references)).filter(isPresent);
  }
  if (!isRecord(value)) return value;

  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && isIntrinsic(key)) {
    return callIntrinsic(key, value[key], references);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, resolveIntrinsics(item, references)] as const)
      .filter(([, item]) => isPresent(item)),
  );
}

/** Whether a condition of the template holds. */
export function evaluateCondition(expression: unknown, references: References): boolean {
  const value = resolveIntrinsics(expression, references);
  if (typeof value !== 'boolean') {
    throw new TemplateError(`not a condition: ${JSON.stringify(expression)}`);
  }
  return value;
}

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPresent(value: unknown): boolean {
  return value !== NO_VALUE;
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

function callIntrinsic(name: string, argument: unknown, references: References): unknown {
  const resolve = (value: unknown) => resolveIntrinsics(value, references);
  switch (name) {
    case 'Ref':
      return references.ref(text(name, argument));
    case 'Condition':
      return references.condition(text(name, argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = attributeReference(argument);
      return references.attribute(logicalId, text(name, resolve(attribute)));
    }
    case 'Fn::Sub':
      return substitute(argument, references);
    case 'Fn::Join': {
      const [separator, items] = list(name, argument, 2);
      return list(name, resolve(items))
        .map((item) => scalar(name, item))
        .join(text(name, separator));
    }
    case 'Fn::Split': {
      const [separator, source] = list(name, argument, 2);
      return text(name, resolve(source)).split(text(name, separator));
    }
    case 'Fn::Select': {
      const [index, items] = list(name, argument, 2).map(resolve);
      const item = list(name, items)[Number(index)];
      if (item === undefined) throw malformed(name, argument);
      return item;
    }
    case 'Fn::If': {
      const [condition, whenTrue, whenFalse] = list(name, argument, 3);
      return resolve(references.condition(text(name, condition)) ? whenTrue : whenFalse);
    }
    case 'Fn::Equals': {
      const [left, right] = list(name, resolve(argument), 2);
      return scalar(name, left) === scalar(name, right);
    }
    case 'Fn::Not':
      return !list(name, resolve(argument), 1)[0];
    case 'Fn::And':
      return list(name, resolve(argument)).every(Boolean);
    case 'Fn::Or':
      return list(name, resolve(argument)).some(Boolean);
    case 'Fn::FindInMap': {
      const [map, first, second] = list(name, resolve(argument), 3);
      return references.mapping(text(name, map), text(name, first), text(name, second));
    }
    default:
      throw new TemplateError(`${name} is not supported`);
  }
}

/** `${Name}` is a Ref, `${Name.Attribute}` a GetAtt, `${!Name}` the text `${Name}`. */
function substitute(argument: unknown, references: References): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (!isRecord(variables)) throw malformed('Fn::Sub', argument);
  return text('Fn::Sub', template).replaceAll(/\$\{([^}]+)\}/g, (_match, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return scalar(name, resolveIntrinsics(variables[name], references));
    const dot = name.indexOf('.');
    const value =
      dot < 0
        ? references.ref(name)
        : references.attribute(name.slice(0, dot), name.slice(dot + 1));
    return scalar(name, value);
  });
}

function attributeReference(argument: unknown): [logicalId: string, attribute: unknown] {
  if (typeof argument !== 'string') {
    const [logicalId, attribute] = list('Fn::GetAtt', argument, 2);
    return [text('Fn::GetAtt', logicalId), attribute];
  }
  const dot = argument.indexOf('.');
  if (dot < 0) throw malformed('Fn::GetAtt', argument);
  return [argument.slice(0, dot), argument.slice(dot + 1)];
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw malformed(name, value);
  return value;
}

function scalar(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw malformed(name, value);
}

function list(name: string, value: unknown, length?: number): unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw malformed(name, value);
  }
  return value;
}

function malformed(name: string, value: unknown): TemplateError {
  return new TemplateError(
    `${name} cannot be read: ${typeof value === 'symbol' ? 'AWS::NoValue' : JSON.stringify(value)}`,
  );
}
