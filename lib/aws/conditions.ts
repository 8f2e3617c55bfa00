import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** Whether a write lost a race: its condition failed, or another transaction held the item. */
export function isLostRace(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  // a plain write that met somebody's transaction; the SDK does not try these again
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}

/** The item as it stood when the condition failed; empty when there was none. Rethrows anything else. */
export function itemOnFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return error.Item === undefined ? {} : unmarshall(error.Item);
}
