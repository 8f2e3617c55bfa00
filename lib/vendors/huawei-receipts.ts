import { array, is, looseObject, number, optional, string, union, unknown } from 'valibot';
import { Refusal } from '../model/errors';
import { jsonOf } from '../model/json-of';
import type { Receipt } from '../model/receipt';
import { type EpochMs, SECOND_MS } from '../model/time';
import { checkHuaweiSignature } from './huawei-receipt-signature';
import type { ReceiptRequest } from './vendor';

/** Result of a receipt → what became of the message; results without a row are `unknown`. */
export type ReceiptKinds = ReadonlyMap<string, Receipt['kind']>;

const posted = looseObject({ statuses: array(unknown()) });
/** The console's test call may carry a message as it is sent. */
const sentMessage = looseObject({ message: looseObject({}) });

const result = union([number(), string()]);
/** V2: the result is one level down, for service widgets under another name. */
const state = looseObject({ result, timestamp: optional(unknown()) });
const entry = looseObject({ token: string(), biTag: optional(unknown()) });
/** V1: the result is in the entry itself. */
const flatEntry = looseObject({ status: result, timestamp: optional(unknown()) });

/** Less than this is seconds: clients of Huawei's have seen both. */
const FIRST_MILLISECONDS = 100_000_000_000;

/**
 * Reads a receipt call of HMS (V1) or HarmonyOS (V2), `{statuses: [...]}`, once its signature is checked.
 * Sources: developer.huawei.com, harmonyos-guides/push-msg-receipt (2026-04-20) and
 * HMSCore-References-V5/https-send-receipt-api-0000001051066120-V5. What makes no sense is passed over rather than losing its neighbours.
 */
export function readHuaweiReceipts(
  request: ReceiptRequest,
  kinds: ReceiptKinds,
): readonly Receipt[] {
  checkHuaweiSignature(request);
  const body = jsonOf(request.body);
  if (is(posted, body)) {
    return body.statuses.flatMap((one) => receiptOf(one, kinds, request.receivedAt));
  }
  if (is(sentMessage, body)) {
    return [];
  }
  throw new Refusal(400, 'the body is not a receipt: no JSON with "statuses"');
}

function receiptOf(one: unknown, kinds: ReceiptKinds, receivedAt: EpochMs): readonly Receipt[] {
  if (!is(entry, one) || one.token === '') {
    return [];
  }
  const found = [one['deliveryStatus'], one['formStatus']].find((part) => is(state, part));
  const told = found ?? (is(flatEntry, one) ? { ...one, result: one.status } : undefined);
  if (!is(state, told)) {
    return [];
  }
  const vendorType = String(told.result);
  const { biTag } = one;
  return [
    {
      kind: kinds.get(vendorType) ?? 'unknown',
      tokens: [one.token],
      at: timeOf(told.timestamp) ?? receivedAt,
      ...(typeof biTag === 'string' && biTag !== '' ? { jobId: biTag } : {}),
      vendorType,
    },
  ];
}

function timeOf(timestamp: unknown): EpochMs | undefined {
  const at = typeof timestamp === 'string' ? Number(timestamp) : timestamp;
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at <= 0) {
    return undefined;
  }
  return at < FIRST_MILLISECONDS ? at * SECOND_MS : at;
}
