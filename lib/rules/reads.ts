import type { Account } from '../model/account';
import type { EpochMs } from '../model/time';
import { entryOf } from './entry-of';

/** Conversations an account keeps in mind how far it has read; of more, those read longest ago are forgotten. */
export const MAX_READS = 32;

/** The account once a conversation is read up to a time; undefined when that changes nothing. */
export function withRead(
  account: Account,
  conversationId: string,
  upTo: EpochMs,
): Account | undefined {
  const { reads = {} } = account;
  const before = entryOf(reads, conversationId);
  if (before !== undefined && before >= upTo) return undefined;
  const others = Object.entries(reads).filter(([id]) => id !== conversationId);
  const newest = [...others, [conversationId, upTo] as const]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MAX_READS);
  if (!newest.some(([id]) => id === conversationId)) return undefined;
  return { ...account, reads: Object.fromEntries(newest) };
}
