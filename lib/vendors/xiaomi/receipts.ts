import { array, is, looseObject, number, record, safeParse, string, union, unknown } from 'valibot';
import { Refusal } from '../../model/errors';
import { jsonOf } from '../../model/json-of';
import type { Receipt } from '../../model/receipt';
import type { EpochMs } from '../../model/time';
import type { ReceiptRequest } from '../vendor';

/**
 * `type` of a receipt. 1, 2: wolfcstech.com quoting the official receipt section (2018); 16, 32, 64, 128, 1024: MASA Stack MC's
 * `XiaomiCallbackType`; 128: https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1656 (2026-02-04).
 */
const KINDS = new Map<string, Receipt['kind']>([
  ['1', 'delivered'],
  ['2', 'clicked'],
  ['16', 'token-invalid'],
  ['32', 'muted'],
  ['64', 'filtered'],
  ['128', 'over-quota'],
  ['1024', 'expired'],
]);

const entries = record(string(), unknown());
const entry = looseObject({
  type: union([number(), string()]),
  targets: union([string(), array(string())]),
});

/**
 * Reads a receipt call: a form whose `data` is JSON, or that JSON itself, `{<message id>: {type, targets, param, timestamp}}`.
 * Xiaomi forgets what it posted, so an entry that makes no sense is passed over rather than losing its neighbours.
 */
export function readReceipts({ body, receivedAt }: ReceiptRequest): readonly Receipt[] {
  const posted = safeParse(entries, jsonOf(dataOf(body)));
  if (!posted.success) {
    throw new Refusal(
      400,
      'the body is not a receipt: neither a form with JSON in "data" nor JSON',
    );
  }
  return Object.values(posted.output).flatMap((one) => receiptOf(one, receivedAt));
}

/** The body's own look decides: gateways disagree about the content type. */
function dataOf(body: string): string {
  return body.trimStart().startsWith('{') ? body : (new URLSearchParams(body).get('data') ?? '');
}

function receiptOf(one: unknown, receivedAt: EpochMs): readonly Receipt[] {
  if (!is(entry, one)) {
    return [];
  }
  const targets = typeof one.targets === 'string' ? one.targets.split(',') : one.targets;
  const tokens = targets.map((target) => target.trim()).filter((target) => target !== '');
  if (tokens.length === 0) {
    return [];
  }
  const vendorType = String(one.type);
  const jobId = one['param'];
  return [
    {
      kind: KINDS.get(vendorType) ?? 'unknown',
      tokens,
      at: timeOf(one['timestamp']) ?? receivedAt,
      ...(typeof jobId === 'string' && jobId !== '' ? { jobId } : {}),
      vendorType,
    },
  ];
}

function timeOf(timestamp: unknown): EpochMs | undefined {
  const at = typeof timestamp === 'string' ? Number(timestamp) : timestamp;
  return typeof at === 'number' && Number.isSafeInteger(at) && at > 0 ? at : undefined;
}
