import * as v from 'valibot';
import {
  consumedByTransaction,
  type ItemChange,
  largerImage,
  readUnits,
  type TableUnits,
  TRANSACTION_FACTOR,
  writeUnits,
} from './capacity';
import type { OperationInput } from './dynalite';
import { findDone, fingerprintOf, rememberDone } from './idempotency';
import { wantsItemOnFailure, withItem } from './item-operations';
import { itemSize } from './item-size';
import { parseInput } from './parse-input';
import { type Engine, RequestStore } from './request-store';
import { readInput, runNow } from './run-operation';
import { dynamoDbError, validationError } from './service-error';
import { StagedWrites } from './staged-writes';
import {
  actionsOf,
  CapacityMode,
  cancelFor,
  NO_REASON,
  type Reason,
  reasonOf,
  refuseOversize,
  refuseRepeatedItems,
} from './transaction';

/** A condition check is a delete that is not committed. */
const OPERATION_OF = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;
type Kind = keyof typeof OPERATION_OF;

const ActionBody = v.optional(v.looseObject({ TableName: v.string() }));
const TransactWriteInput = v.object({
  TransactItems: actionsOf(
    v.object({
      Put: ActionBody,
      Update: ActionBody,
      Delete: ActionBody,
      ConditionCheck: ActionBody,
    }),
  ),
  ClientRequestToken: v.optional(v.pipe(v.string(), v.maxLength(36))),
  ReturnConsumedCapacity: CapacityMode,
});
type ActionInput = v.InferOutput<typeof TransactWriteInput>['TransactItems'][number];

interface Action {
  readonly kind: Kind;
  readonly input: OperationInput;
  readonly wantsItem: boolean;
}

interface ActionResult {
  readonly reason: Reason;
  readonly change?: ItemChange | undefined;
}

/** TransactWriteItems: everything in this tick and in one write, or nothing. */
export async function transactWrite(engine: Engine, body: object): Promise<object> {
  const {
    TransactItems,
    ClientRequestToken: token,
    ReturnConsumedCapacity: mode,
  } = parseInput(TransactWriteInput, body);
  const fingerprint = fingerprintOf(TransactItems);
  const done = token ? findDone(engine.database, token) : undefined;
  if (done !== undefined) {
    if (done.fingerprint !== fingerprint)
      throw dynamoDbError('IdempotentParameterMismatchException', '');
    return { ConsumedCapacity: consumedByTransaction(mode, 'ReadCapacityUnits', done.readUnits) };
  }
  const actions = TransactItems.map(readAction);
  refuseRepeatedItems(
    engine,
    actions.map(({ input }) => input),
  );
  const writes = new StagedWrites(engine.database);
  const changes = applyAll(engine, writes, actions);
  if (token) {
    const readUnitsByTable = changes.map(replayUnits);
    rememberDone(writes, token, { fingerprint, doneAtMs: Date.now(), readUnits: readUnitsByTable });
  }
  writes.commit();
  return {
    ConsumedCapacity: consumedByTransaction(mode, 'WriteCapacityUnits', changes.map(billedUnits)),
  };
}

function readAction(item: ActionInput): Action {
  const [first, ...others] = present(item);
  if (first === undefined || others.length > 0) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const [kind, body] = first;
  const wantsItem = wantsItemOnFailure(body);
  const input = readInput(OPERATION_OF[kind], body);
  if (kind === 'ConditionCheck' && input._condition === undefined) {
    throw validationError(
      "Value null at 'conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  return { kind, input, wantsItem };
}

function present(item: ActionInput): (readonly [Kind, object])[] {
  const kinds: readonly Kind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];
  return kinds.flatMap((kind) => {
    const body = item[kind];
    return body === undefined ? [] : [[kind, body] as const];
  });
}

/** Stages every action and answers what changes, or throws the cancellation. */
function applyAll(
  engine: Engine,
  writes: StagedWrites,
  actions: readonly Action[],
): readonly ItemChange[] {
  const results = actions.map((action) => apply(engine, writes, action));
  cancelFor(results.map(({ reason }) => reason));
  const changes = results.flatMap(({ change }) => (change === undefined ? [] : [change]));
  refuseOversize(
    changes.reduce((sum, { after }) => sum + (after === undefined ? 0 : itemSize(after)), 0),
  );
  return changes;
}

function apply(engine: Engine, writes: StagedWrites, action: Action): ActionResult {
  const { kind, input, wantsItem } = action;
  const isCheck = kind === 'ConditionCheck';
  const store = isCheck ? new RequestStore(engine) : new RequestStore(engine, writes);
  try {
    runNow(OPERATION_OF[kind], store, input);
  } catch (error) {
    return { reason: reasonOf(wantsItem ? withItem(error, store.touched[0]?.before) : error) };
  }
  const [change] = store.touched;
  const unchanged = change === undefined ? undefined : { ...change, after: change.before };
  return { reason: NO_REASON, change: isCheck ? unchanged : change };
}

function billedUnits(change: ItemChange): TableUnits {
  return { table: change.table, units: writeUnits(change) * TRANSACTION_FACTOR };
}

/** A repetition is billed as a transactional read of what the first call wrote or replaced. */
function replayUnits(change: ItemChange): TableUnits {
  const units = readUnits(largerImage(change), true) * TRANSACTION_FACTOR;
  return { table: change.table, units };
}
