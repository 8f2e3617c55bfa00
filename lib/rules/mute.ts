import type { Account, Mute } from '../model/account';
import type { MutingAccount } from '../model/ports';
import { entryOf } from './entry-of';

/** Keeps an account's item small, since every presence write is billed for all of it. */
export const MAX_MUTES_WITHIN = 32;
/** One item holds the others: a thousand of the longest ids stay below DynamoDB's 400 KB. */
export const MAX_MUTES_APART = 1_000;

/** Whether a mute of a conversation silences a message that has come in it. */
export function mutedBy(
  mute: Mute | undefined,
  message: { readonly mentioned: boolean; readonly fromManager: boolean },
): boolean {
  switch (mute) {
    case undefined:
      return false;
    case 'all':
      return true;
    case 'except-mentions':
      return !message.mentioned;
    case 'except-managers':
      return !message.fromManager;
  }
}

/** The account with this conversation muted so. `too-many` where it is one more than there is room for. */
export function withMute(
  { account, apart }: MutingAccount,
  conversationId: string,
  mute: Mute,
): MutingAccount | 'too-many' {
  const within = account.mutes ?? {};
  const isWithin =
    entryOf(within, conversationId) !== undefined || Object.keys(within).length < MAX_MUTES_WITHIN;
  const others = without(apart, conversationId);
  if (isWithin) return muting(account, { ...within, [conversationId]: mute }, others);
  if (Object.keys(others).length >= MAX_MUTES_APART) return 'too-many';
  return muting(account, within, { ...others, [conversationId]: mute });
}

/** The account with this conversation heard again; one that lay apart takes its place. The same object if nothing changed. */
export function withoutMute(muted: MutingAccount, conversationId: string): MutingAccount {
  const within = muted.account.mutes ?? {};
  const isWithin = entryOf(within, conversationId) !== undefined;
  if (!isWithin && entryOf(muted.apart, conversationId) === undefined) return muted;
  const others = without(muted.apart, conversationId);
  if (!isWithin) return muting(muted.account, within, others);
  const [next, ...rest] = Object.entries(others);
  const left = Object.entries(without(within, conversationId));
  return muting(
    muted.account,
    Object.fromEntries(next === undefined ? left : [...left, next]),
    Object.fromEntries(rest),
  );
}

function muting(
  { mutes: _mutes, hasMoreMutes: _more, ...account }: Account,
  within: Readonly<Record<string, Mute>>,
  apart: Readonly<Record<string, Mute>>,
): MutingAccount {
  return {
    account: {
      ...account,
      ...(Object.keys(within).length > 0 && { mutes: within }),
      ...(Object.keys(apart).length > 0 && { hasMoreMutes: true }),
    },
    apart,
  };
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([own]) => own !== key));
}
