import type { Delivery, Phones } from '../phones';
import type { LimitedMessage, PushConsole } from './push-console';
import { RECEIPT } from './push-console';
import type { ReceiptEntry, Receipts } from './receipts';

/** A message the vendor has accepted. */
export interface AcceptedMessage extends LimitedMessage {
  readonly delivery: Delivery;
  /** A token that comes twice gets the message twice. */
  readonly tokens: readonly string[];
  readonly receiptId: string | undefined;
  /** How a phone's report is written. */
  receipt(token: string, result: number, timestamp: number): ReceiptEntry;
}

/** Where accepted messages go. */
export interface DeliveryParts {
  readonly phones: Phones;
  readonly pushConsole: PushConsole;
  readonly receipts: Receipts;
}

/** Brings a message to its phones, those that cannot or must not show it excepted, and reports of all. */
export function deliver(
  { phones, pushConsole, receipts }: DeliveryParts,
  message: AcceptedMessage,
): void {
  const now = Date.now();
  const outcomes = message.tokens.map((token) => ({
    token,
    result: pushConsole.resultOf(token, message, now),
  }));
  const reached = outcomes.filter(({ result }) => result === RECEIPT.delivered);
  for (const tokens of rounds(reached.map(({ token }) => token))) {
    phones.deliver(message.delivery, tokens);
  }
  const url = pushConsole.receiptUrl(message.receiptId);
  if (url === undefined) return;
  receipts.add(
    url,
    outcomes.map(({ token, result }) => message.receipt(token, result, now)),
  );
}

/** Each token once a round: a phone that gets a message twice has two of them. */
function rounds(tokens: readonly string[]): readonly (readonly string[])[] {
  const made: Set<string>[] = [];
  for (const token of tokens) {
    const round = made.find((it) => !it.has(token));
    if (round === undefined) made.push(new Set([token]));
    else round.add(token);
  }
  return made.map((round) => [...round]);
}
