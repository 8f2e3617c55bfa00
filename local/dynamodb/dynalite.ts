import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { Condition, Path } from './condition';

/**
 * The parts of dynalite 4 (CommonJS, untyped) the local DynamoDB is built on: request validation, the expression
 * parsers behind it, and one action per operation, each working on a store it is given.
 */

/** An attribute in DynamoDB's JSON. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** An item, or a key, in DynamoDB's JSON. */
export interface Item {
  readonly [attribute: string]: AttributeValue;
}

/** A table as `DescribeTable` answers it. */
export interface Table {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
}

/** A request after `checkTypes`: what was not known is gone, what is left has the type DynamoDB wants. */
export interface OperationInput {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly RequestItems?: Readonly<Record<string, TableKeys>>;
  /** Set by the validation of `ConditionExpression`. */
  readonly _condition?: { readonly expression: Condition };
  ReturnConsumedCapacity?: string;
  /** Set by the validation of `UpdateExpression`. */
  readonly _updates?: { sections: UpdateSection[] };
}

/** The part of a `BatchGetItem` for one table. */
export interface TableKeys {
  readonly Keys: readonly Item[];
  readonly ConsistentRead?: boolean;
  readonly AttributesToGet?: readonly string[];
  /** Set by the validation of `ProjectionExpression`. */
  readonly _projection?: unknown;
}

/** One clause of a parsed update expression. */
export interface UpdateSection {
  readonly type: string;
  readonly path: Path;
}

/** What an action answers; the members depend on the operation. */
export interface OperationOutput {
  readonly Item?: Item;
  readonly ScannedCount?: number;
  ConsumedCapacity?: unknown;
}

/** What dynalite throws or calls back with when it refuses a request. */
export interface Refusal extends Error {
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

export type Callback<Value = unknown> = (error?: Error | null, value?: Value) => void;

export type Action = (
  store: DynaliteStore,
  input: OperationInput,
  callback: Callback<OperationOutput>,
) => void;

/** Rules of one operation: `types` shape the request, `custom` answers the message of a refusal. */
export interface Validation {
  readonly types: object;
  readonly custom?: (input: OperationInput, store: DynaliteStore) => string | undefined;
}

/** Bounds of a range read, on keys without their prefix. */
export interface StreamOptions {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export type KeyValueWrite<Value = unknown> =
  | { readonly type: 'put'; readonly key: string; readonly value: Value }
  | { readonly type: 'del'; readonly key: string };

/** The keys and values under one prefix, as an action reads and writes them. */
export interface SubDatabase<Value = unknown> {
  /** `locked` gets a function that wraps the action's callback so that the lock ends with it. */
  lock(key: string, locked: (release: (callback: Callback) => Callback) => void): void;
  get(key: string, callback: Callback<Value>): void;
  put(key: string, value: Value, callback: Callback): void;
  del(key: string, callback: Callback): void;
  batch(writes: readonly KeyValueWrite<Value>[], callback: Callback): void;
  createKeyStream(options?: StreamOptions): Readable;
  createValueStream(options?: StreamOptions): Readable;
}

/** The store an action works on. */
export interface DynaliteStore {
  readonly options: {
    readonly maxItemSize: number;
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  };
  readonly tableDb: SubDatabase<Table> & {
    readonly awsAccountId: string;
    readonly awsRegion: string;
  };
  /** With `checkStatus` false also a table that is being made or deleted. */
  getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void;
  getItemDb(table: string): SubDatabase<Item>;
  deleteItemDb(table: string, callback: Callback): void;
  getIndexDb(kind: string, table: string, index: string): SubDatabase<Item>;
  deleteIndexDb(kind: string, table: string, index: string, callback: Callback): void;
  getTagDb(table: string): SubDatabase<string>;
  deleteTagDb(table: string, callback: Callback): void;
}

/** The ordered key-value database below: LevelDB in a folder, or its twin in memory. */
export interface Level {
  open(): Promise<void>;
  getSync<Value>(key: string): Value | undefined;
  batch(writes: readonly KeyValueWrite[]): Promise<void>;
  keys(range: StreamOptions): AsyncIterable<string>;
  values<Value>(range: StreamOptions): AsyncIterable<Value>;
  iterator<Value>(range: StreamOptions): AsyncIterable<[string, Value]>;
  clear(range: StreamOptions): Promise<void>;
  close(): Promise<void>;
}

interface DynaliteDb {
  create(options: { readonly path?: string }): { readonly db: Level };
  /** Where an item lies among those of its table; only of a key that was validated. */
  createKey(item: Item, table: Table): string;
  validateKey(key: Item, table: Table): Refusal | null | undefined;
  validateItem(item: Item, table: Table): Refusal | null | undefined;
  /** Compares two values in the words of expressions, such as `<=` or `begins_with`. */
  compare(operator: string, value: AttributeValue, others: readonly AttributeValue[]): boolean;
  mapPath(path: Path, item: Item): AttributeValue | null | undefined;
}

interface DynaliteValidations {
  /** Drops what the operation does not know and refuses wrong types. Changes `input`. */
  checkTypes(input: unknown, types: object): OperationInput;
  /** Applies the rules and parses the expressions into members that begin with an underscore. */
  checkValidations(
    input: OperationInput,
    types: object,
    custom: Validation['custom'],
    store: Pick<DynaliteStore, 'options'>,
  ): void;
}

const load = createRequire(import.meta.url);

export const dynaliteDb: DynaliteDb = load('dynalite/db');
export const dynaliteValidations: DynaliteValidations = load('dynalite/validations');

const OPERATION_NAMES = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];

/** The action of an operation and its rules. */
export interface Operation {
  readonly act: Action;
  readonly validation: Validation;
}

/** Every operation taken from dynalite. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  OPERATION_NAMES.map((name) => {
    const file = name.charAt(0).toLowerCase() + name.slice(1);
    return [
      name,
      {
        act: load(`dynalite/actions/${file}`),
        validation: load(`dynalite/validations/${file}`),
      },
    ];
  }),
);
