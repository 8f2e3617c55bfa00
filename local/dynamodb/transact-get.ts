import * as v from 'valibot';
import { consumedByTransaction, readUnits, TRANSACTION_FACTOR } from './capacity';
import type { OperationInput } from './dynalite';
import { getOne } from './item-operations';
import { parseInput } from './parse-input';
import type { Engine } from './request-store';
import { readInput } from './run-operation';
import {
  actionsOf,
  CapacityMode,
  cancelFor,
  NO_REASON,
  reasonOf,
  refuseOversize,
  refuseRepeatedItems,
} from './transaction';

const TransactGetInput = v.object({
  TransactItems: actionsOf(v.object({ Get: v.looseObject({ TableName: v.string() }) })),
  ReturnConsumedCapacity: CapacityMode,
});

/** TransactGetItems: every item as of the same moment. */
export async function transactGet(engine: Engine, body: object): Promise<object> {
  const { TransactItems, ReturnConsumedCapacity: mode } = parseInput(TransactGetInput, body);
  const inputs = TransactItems.map(({ Get }) => readInput('GetItem', Get));
  refuseRepeatedItems(engine, inputs);
  const results = inputs.map((input) => attempt(engine, input));
  cancelFor(results.map(({ reason }) => reason));
  refuseOversize(results.reduce((sum, { bytes }) => sum + bytes, 0));
  const parts = results.map(({ table, bytes }) => ({
    table,
    units: readUnits(bytes, true) * TRANSACTION_FACTOR,
  }));
  return {
    Responses: results.map(({ output }) => output),
    ConsumedCapacity: consumedByTransaction(mode, 'ReadCapacityUnits', parts),
  };
}

function attempt(engine: Engine, input: OperationInput) {
  const table = input.TableName;
  try {
    return { table, reason: NO_REASON, ...getOne(engine, input) };
  } catch (error) {
    return { table, reason: reasonOf(error), output: {}, bytes: 0 };
  }
}
