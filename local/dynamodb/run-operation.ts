import {
  dynaliteValidations,
  OPERATIONS,
  type Operation,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Refusal,
  type UpdateSection,
} from './dynalite';
import { type RequestStore, STORE_OPTIONS } from './request-store';
import { ServiceError } from './service-error';

function operationNamed(name: OperationName): Operation {
  const operation = OPERATIONS.get(name);
  if (operation === undefined) throw new Error(`dynalite has no ${name}`);
  return operation;
}

/** Checks a request by dynalite's rules and parses its expressions. Changes `body`. */
export function readInput(name: OperationName, body: unknown): OperationInput {
  const { types, custom } = operationNamed(name).validation;
  return translatingRefusals(() => {
    const input = dynaliteValidations.checkTypes(body, types);
    dynaliteValidations.checkValidations(input, types, custom, { options: STORE_OPTIONS });
    orderRemovals(input);
    return input;
  });
}

/** Runs an operation that only reads and stages by key, which it does in this tick. */
export function runNow(
  name: OperationName,
  store: RequestStore,
  { _condition, ...input }: OperationInput,
): OperationOutput {
  store.condition = _condition?.expression;
  let outcome: { readonly error?: Error | null; readonly output?: OperationOutput } | undefined;
  operationNamed(name).act(store, input, (error, output = {}) => {
    outcome = { ...(error ? { error } : {}), output };
  });
  if (outcome === undefined) throw new Error(`${name} did not answer at once`);
  return translatingRefusals(() => {
    if (outcome?.error) throw outcome.error;
    return outcome?.output ?? {};
  });
}

/** Runs an operation that reads ranges or changes tables. */
export async function run(
  name: OperationName,
  store: RequestStore,
  input: OperationInput,
): Promise<OperationOutput> {
  try {
    return await new Promise((resolve, reject) => {
      operationNamed(name).act(store, input, (error, output = {}) => {
        if (error) reject(error);
        else resolve(output);
      });
    });
  } catch (error) {
    throw translateRefusal(error);
  }
}

function translatingRefusals<Value>(produce: () => Value): Value {
  try {
    return produce();
  } catch (error) {
    throw translateRefusal(error);
  }
}

function translateRefusal(error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const { __type, message, Message } = error.body;
  return new ServiceError(__type, message ?? Message ?? '');
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'body' in error;
}

/**
 * Removed list elements are numbered as they stood before the update, but dynalite applies one clause after the
 * other: so removals come last, and of one list the later elements first.
 */
function orderRemovals({ _updates }: OperationInput): void {
  _updates?.sections.sort((one, other) => {
    if (one.type !== 'remove') return other.type === 'remove' ? -1 : 0;
    return other.type === 'remove' ? comparePositions(other.path, one.path) : 1;
  });
}

function comparePositions(one: UpdateSection['path'], other: UpdateSection['path']): number {
  for (const [depth, step] of one.entries()) {
    const otherStep = other[depth];
    if (typeof step !== 'number' || typeof otherStep !== 'number') continue;
    if (step !== otherStep) return step - otherStep;
  }
  return 0;
}
