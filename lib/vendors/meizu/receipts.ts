import { timingSafeEqual } from 'node:crypto';
import { array, is, looseObject, record, string, unknown } from 'valibot';
import { Refusal } from '../../model/errors';
import { jsonOf } from '../../model/json-of';
import type { Receipt } from '../../model/receipt';
import type { EpochMs } from '../../model/time';
import type { ReceiptRequest } from '../vendor';

/** `type` of a receipt: https://github.com/MEIZUPUSH/PushAPI (2025-04-09). */
const KINDS = new Map<string, Receipt['kind']>([
  ['1', 'delivered'],
  ['2', 'clicked'],
]);

const entries = record(string(), unknown());
const entry = looseObject({ targets: array(unknown()) });

/**
 * Reads a receipt call: a form whose `cb` is JSON, `{<msgId>-<type>: {param, type, targets}}`. Meizu forgets what it posted, so an
 * entry that makes no sense is passed over rather than losing its neighbours.
 */
export function readReceipts({ body, check, receivedAt }: ReceiptRequest): readonly Receipt[] {
  const form = new URLSearchParams(body);
  if (check !== undefined && !isSame(form.get('access_token') ?? '', check.secret)) {
    throw new Refusal(401, 'the access_token of the receipt is not the one agreed on');
  }
  const posted = jsonOf(form.get('cb') ?? '');
  if (!is(entries, posted) || Array.isArray(posted)) {
    throw new Refusal(400, 'the body is not a receipt: no form with JSON in "cb"');
  }
  return Object.entries(posted).flatMap(([key, one]) => receiptOf(key, one, receivedAt));
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function receiptOf(key: string, one: unknown, receivedAt: EpochMs): readonly Receipt[] {
  if (!is(entry, one)) {
    return [];
  }
  const tokens = one.targets.flatMap((target) =>
    typeof target === 'string' && target !== '' ? [target] : [],
  );
  if (tokens.length === 0) {
    return [];
  }
  const { type, param } = one;
  const stated = typeof type === 'number' || typeof type === 'string' ? String(type) : undefined;
  // the key ends in the type as well
  const vendorType = stated ?? key.slice(key.lastIndexOf('-') + 1);
  return [
    {
      kind: KINDS.get(vendorType) ?? 'unknown',
      tokens,
      // Meizu posts about once a second and states no time
      at: receivedAt,
      ...(typeof param === 'string' && param !== '' ? { jobId: param } : {}),
      vendorType,
    },
  ];
}
