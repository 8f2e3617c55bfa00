import * as v from 'valibot';
import { dynaliteDb, type OperationInput, type Table } from './dynalite';
import type { Engine } from './request-store';
import { dynamoDbError, ServiceError, validationError } from './service-error';

/** Limits of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/** Between one and as many actions as AWS takes. */
export function actionsOf<Action extends v.GenericSchema>(action: Action) {
  return v.pipe(
    v.array(action),
    v.minLength(1, 'Member must have length greater than or equal to 1'),
    v.maxLength(MAX_ACTIONS, `Member must have length less than or equal to ${MAX_ACTIONS}`),
  );
}

/** The wish for consumed capacity. */
export const CapacityMode = v.optional(v.picklist(['TOTAL', 'INDEXES', 'NONE']));

/** Why an action stops its transaction, or that it does not; as in `CancellationReasons`. */
export interface Reason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: unknown;
}

export const NO_REASON: Reason = { Code: 'None' };

/** The reason an error gives; an error that is no fault of the action goes on. */
export function reasonOf(error: unknown): Reason {
  if (!(error instanceof ServiceError)) throw error;
  const [, name] = error.type.split('#');
  if (name === 'ConditionalCheckFailedException') {
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.members };
  }
  if (name === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
}

/** Throws the cancellation unless every action may go on. */
export function cancelFor(reasons: readonly Reason[]): void {
  if (reasons.every(({ Code }) => Code === 'None')) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw dynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/** Refuses two actions on one item. Keys that break the table's schema are left to the action itself. */
export function refuseRepeatedItems(engine: Engine, inputs: readonly OperationInput[]): void {
  const seen = new Set<string>();
  for (const input of inputs) {
    const table = engine.tables.get(input.TableName);
    const place = placeOf(input, table);
    if (place === undefined) continue;
    if (seen.has(place)) {
      throw validationError('Transaction request cannot include multiple operations on one item');
    }
    seen.add(place);
  }
}

function placeOf({ Item, Key }: OperationInput, table: Table): string | undefined {
  const refusal =
    Item === undefined
      ? dynaliteDb.validateKey(Key ?? {}, table)
      : dynaliteDb.validateItem(Item, table);
  if (refusal) return undefined;
  return `${table.TableName}~${dynaliteDb.createKey(Item ?? Key ?? {}, table)}`;
}

/** Refuses a transaction whose items are too large together. */
export function refuseOversize(bytes: number): void {
  if (bytes > MAX_BYTES) throw validationError('Transaction payload size cannot exceed 4MB');
}
