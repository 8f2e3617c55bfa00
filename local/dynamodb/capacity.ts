import type { Item } from './dynalite';
import { itemSize } from './item-size';

/**
 * Capacity units as AWS bills them, from
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * Writes to secondary indexes are not counted: the service has none.
 */

const READ_UNIT_BYTES = 4_096;
const WRITE_UNIT_BYTES = 1_024;
/** A transaction prepares and commits every item, and is billed for both. */
export const TRANSACTION_FACTOR = 2;

/** An item before and after a write; `undefined` where there is none. */
export interface ItemChange {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Units of one table. */
export interface TableUnits {
  readonly table: string;
  readonly units: number;
}

/** Units of a read of so many bytes; reading nothing costs as much as a small item. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

/** Units of a write, by the larger of the item before and after. */
export function writeUnits(change: ItemChange): number {
  return Math.max(1, Math.ceil(largerImage(change) / WRITE_UNIT_BYTES));
}

/** Bytes of the larger of the item before and after. */
export function largerImage({ before, after }: ItemChange): number {
  return Math.max(
    before === undefined ? 0 : itemSize(before),
    after === undefined ? 0 : itemSize(after),
  );
}

/** The `ConsumedCapacity` of a call on one table; `undefined` when the caller did not ask. */
export function consumedCapacity(
  mode: string | undefined,
  { table, units }: TableUnits,
): object | undefined {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  return {
    TableName: table,
    CapacityUnits: units,
    ...(mode === 'INDEXES' ? { Table: { CapacityUnits: units } } : {}),
  };
}

/** The `ConsumedCapacity` of a call on several tables, units added up by table. */
export function consumedByTable(
  mode: string | undefined,
  parts: readonly TableUnits[],
): readonly object[] | undefined {
  const totals = new Map<string, number>();
  for (const { table, units } of parts) totals.set(table, (totals.get(table) ?? 0) + units);
  const capacities = [...totals].map(([table, units]) => consumedCapacity(mode, { table, units }));
  return capacities.every((capacity) => capacity !== undefined) ? capacities : undefined;
}

/** Like `consumedByTable`, with the units also told apart as reads or writes, as transactions are. */
export function consumedByTransaction(
  mode: string | undefined,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
  parts: readonly TableUnits[],
): readonly object[] | undefined {
  return consumedByTable(mode, parts)?.map((capacity) => ({
    ...capacity,
    [kind]: 'CapacityUnits' in capacity ? capacity.CapacityUnits : 0,
  }));
}
