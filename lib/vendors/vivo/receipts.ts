import { array, is, looseObject, record, safeParse, string, union, unknown } from 'valibot';
import { Refusal } from '../../model/errors';
import { jsonOf } from '../../model/json-of';
import type { Receipt } from '../../model/receipt';
import type { EpochMs } from '../../model/time';
import type { ReceiptRequest } from '../vendor';

/** What a receipt without a type of its own says. */
const ARRIVED = 'arrived';

const entries = record(string(), unknown());
const entry = looseObject({ targets: union([string(), array(string())]) });

/**
 * Reads a receipt call: JSON, `{<task id>: {param, targets, ackTime, ackType}}`. The format is known by hearsay of
 * https://dev.vivo.com.cn/documentCenter/doc/362 alone, so types are kept but not understood, and an entry that makes no sense is
 * passed over rather than losing its neighbours. vivo signs nothing that is known: the address alone proves it.
 */
export function readReceipts({ body, receivedAt }: ReceiptRequest): readonly Receipt[] {
  const value = jsonOf(body);
  const posted = safeParse(entries, value);
  if (!posted.success || Array.isArray(value)) {
    throw new Refusal(400, 'the body is not a receipt: no object in JSON');
  }
  return Object.values(posted.output).flatMap((one) => receiptOf(one, receivedAt));
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
  const type = one['ackType'];
  const vendorType = typeof type === 'string' || typeof type === 'number' ? String(type) : ARRIVED;
  const jobId = one['param'];
  return [
    {
      kind: vendorType === ARRIVED ? 'delivered' : 'unknown',
      tokens,
      at: timeOf(one['ackTime'], receivedAt),
      ...(typeof jobId === 'string' && jobId !== '' ? { jobId } : {}),
      vendorType,
    },
  ];
}

function timeOf(ackTime: unknown, receivedAt: EpochMs): EpochMs {
  const at = typeof ackTime === 'string' ? Number(ackTime) : ackTime;
  const isTime = typeof at === 'number' && Number.isSafeInteger(at) && at > 0;
  return isTime ? Math.min(at, receivedAt) : receivedAt;
}
