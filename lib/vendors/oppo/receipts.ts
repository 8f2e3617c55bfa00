import { array, is, looseObject, safeParse, string, union, unknown } from 'valibot';
import { Refusal } from '../../model/errors';
import { jsonOf } from '../../model/json-of';
import type { Receipt } from '../../model/receipt';
import type { EpochMs } from '../../model/time';
import type { ReceiptRequest } from '../vendor';

/** `eventType` of a receipt: https://open.oppomobile.com/new/developmentDoc/info?id=11239 (checked 2026-11-24). */
const KINDS = new Map<string, Receipt['kind']>([
  // reached the phone, which need not have shown it
  ['push_arrive', 'delivered'],
  // uninstalled, unregistered, flashed, or offline for 30 days
  ['regid_invalid', 'token-invalid'],
  ['user_daily_limit', 'over-quota'],
]);

const entry = looseObject({
  eventType: string(),
  registrationIds: union([string(), array(string())]),
});

/**
 * Reads a receipt call: JSON, a list of `{eventType, registrationIds, param, eventTime, …}`. OPPO signs nothing, so the address
 * alone proves it; an entry that makes no sense is passed over rather than losing its neighbours.
 */
export function readReceipts({ body, receivedAt }: ReceiptRequest): readonly Receipt[] {
  const posted = safeParse(array(unknown()), jsonOf(body));
  if (!posted.success) {
    throw new Refusal(400, 'the body is not a receipt: no list in JSON');
  }
  return posted.output.flatMap((one) => receiptOf(one, receivedAt));
}

function receiptOf(one: unknown, receivedAt: EpochMs): readonly Receipt[] {
  if (!is(entry, one)) {
    return [];
  }
  const ids =
    typeof one.registrationIds === 'string' ? one.registrationIds.split(',') : one.registrationIds;
  const tokens = ids.map((id) => id.trim()).filter((id) => id !== '');
  if (tokens.length === 0) {
    return [];
  }
  const jobId = one['param'];
  return [
    {
      kind: KINDS.get(one.eventType) ?? 'unknown',
      tokens,
      at: timeOf(one['eventTime'], receivedAt),
      ...(typeof jobId === 'string' && jobId !== '' ? { jobId } : {}),
      vendorType: one.eventType,
    },
  ];
}

/** A token is forgotten by the time of the event, so it is never taken to be later than now. */
function timeOf(eventTime: unknown, receivedAt: EpochMs): EpochMs {
  const at = typeof eventTime === 'string' ? Number(eventTime) : eventTime;
  const isTime = typeof at === 'number' && Number.isSafeInteger(at) && at > 0;
  return isTime ? Math.min(at, receivedAt) : receivedAt;
}
