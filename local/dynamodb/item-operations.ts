import { consumedByTable, consumedCapacity, readUnits, writeUnits } from './capacity';
import type { Item, OperationInput, OperationOutput, TableKeys } from './dynalite';
import { itemSize } from './item-size';
import { type Engine, RequestStore } from './request-store';
import { readInput, run, runNow } from './run-operation';
import { ServiceError } from './service-error';

/** A `BatchGetItem` answers no more than this; the rest comes back as unprocessed. */
const BATCH_GET_BYTES = 16 * 1024 * 1024;

/** Takes the wish out of the request, so that dynalite does not count too. */
export function takeCapacityMode(input: OperationInput): string | undefined {
  const mode = input.ReturnConsumedCapacity;
  delete input.ReturnConsumedCapacity;
  return mode;
}

/** PutItem, UpdateItem, DeleteItem. */
export async function writeItem(
  engine: Engine,
  name: 'PutItem' | 'UpdateItem' | 'DeleteItem',
  body: object,
): Promise<object> {
  const wantsItem = wantsItemOnFailure(body);
  const input = readInput(name, body);
  const mode = takeCapacityMode(input);
  const store = new RequestStore(engine);
  let output: OperationOutput;
  try {
    output = runNow(name, store, input);
  } catch (error) {
    throw wantsItem ? withItem(error, store.touched[0]?.before) : error;
  }
  store.writes.commit();
  const [change] = store.touched;
  const units = change === undefined ? 0 : writeUnits(change);
  return { ...output, ConsumedCapacity: consumedCapacity(mode, { table: input.TableName, units }) };
}

/** Whether `ReturnValuesOnConditionCheckFailure` asks for the item that failed the condition. */
export function wantsItemOnFailure(body: object): boolean {
  return (
    'ReturnValuesOnConditionCheckFailure' in body &&
    body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD'
  );
}

/** The error with the item it is about, if it is a failed condition on one. */
export function withItem(error: unknown, item: Item | undefined): unknown {
  if (item === undefined || !(error instanceof ServiceError)) return error;
  if (!error.type.endsWith('#ConditionalCheckFailedException')) return error;
  return new ServiceError(error.type, error.message, { Item: item });
}

/** BatchWriteItem. */
export async function batchWrite(engine: Engine, body: object): Promise<object> {
  const input = readInput('BatchWriteItem', body);
  const mode = takeCapacityMode(input);
  const store = new RequestStore(engine);
  const output = runNow('BatchWriteItem', store, input);
  store.writes.commit();
  const parts = store.touched.map((change) => ({ table: change.table, units: writeUnits(change) }));
  return { ...output, ConsumedCapacity: consumedByTable(mode, parts) };
}

/** GetItem. */
export async function getItem(engine: Engine, body: object): Promise<object> {
  const input = readInput('GetItem', body);
  const mode = takeCapacityMode(input);
  const { output, bytes } = getOne(engine, input);
  const units = readUnits(bytes, input.ConsistentRead === true);
  return { ...output, ConsumedCapacity: consumedCapacity(mode, { table: input.TableName, units }) };
}

/** Reads one item; `bytes` is the size of all of it, whatever part was asked for. */
export function getOne(
  engine: Engine,
  input: OperationInput,
): { readonly output: OperationOutput; readonly bytes: number } {
  const store = new RequestStore(engine);
  const output = runNow('GetItem', store, input);
  const item = store.touched[0]?.before;
  return { output, bytes: item === undefined ? 0 : itemSize(item) };
}

/** BatchGetItem. */
export async function batchGet(engine: Engine, body: object): Promise<object> {
  const input = readInput('BatchGetItem', body);
  const mode = takeCapacityMode(input);
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, object> = {};
  const parts: { table: string; units: number }[] = [];
  let total = 0;
  for (const [table, { Keys, ...options }] of Object.entries(input.RequestItems ?? {})) {
    const items: Item[] = [];
    const left: Item[] = [];
    for (const Key of Keys) {
      const { output, bytes } = getOne(engine, { TableName: table, Key, ...options });
      if (total + bytes > BATCH_GET_BYTES) {
        left.push(Key);
        continue;
      }
      total += bytes;
      parts.push({ table, units: readUnits(bytes, options.ConsistentRead === true) });
      if (output.Item !== undefined) items.push(output.Item);
    }
    responses[table] = items;
    if (left.length > 0) unprocessed[table] = asRequested(left, options);
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: consumedByTable(mode, parts),
  };
}

function asRequested(keys: readonly Item[], options: Omit<TableKeys, 'Keys'>): object {
  const { _projection, ...requested } = options;
  return { Keys: keys, ...requested };
}

/** Query and Scan. */
export async function readRange(
  engine: Engine,
  name: 'Query' | 'Scan',
  body: object,
): Promise<object> {
  const input = readInput(name, body);
  const mode = takeCapacityMode(input);
  const store = new RequestStore(engine);
  await engine.database.settled();
  const output = await run(name, store, input);
  const read = store.scannedBytes.slice(0, output.ScannedCount);
  const bytes = read.reduce((sum, size) => sum + size, 0);
  const units = readUnits(bytes, input.ConsistentRead === true);
  return { ...output, ConsumedCapacity: consumedCapacity(mode, { table: input.TableName, units }) };
}
