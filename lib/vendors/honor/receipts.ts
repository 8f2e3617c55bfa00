import { createHmac, timingSafeEqual } from 'node:crypto';
import { array, is, looseObject, number, optional, string, union, unknown } from 'valibot';
import { Refusal } from '../../model/errors';
import { jsonOf } from '../../model/json-of';
import type { Receipt } from '../../model/receipt';
import type { EpochMs } from '../../model/time';
import type { ReceiptRequest } from '../vendor';

/**
 * `status` of a receipt. 40000002: a gateway that goes by real traffic (github.com/doopush/doopush, checked 2026-11-24); 0 is
 * Huawei's, whose receipts these are like. The others are not known, so they stay `unknown` and no token is forgotten for them.
 */
const KINDS = new Map<string, Receipt['kind']>([
  ['40000002', 'delivered'],
  ['0', 'delivered'],
]);

const posted = looseObject({ statuses: array(unknown()) });
const entry = looseObject({
  token: string(),
  status: union([number(), string()]),
  biTag: optional(unknown()),
  timestamp: optional(unknown()),
});

const PROOF_CHARACTERS = 16;

/** What Honor echoes in receipts: the job id, with a proof behind it that only we can make, since Honor signs nothing. */
export function biTagOf(jobId: string, secret: string | undefined): string {
  return secret === undefined ? jobId : `${jobId}.${proofOf(jobId, secret)}`;
}

function proofOf(jobId: string, secret: string): string {
  return createHmac('sha256', secret).update(jobId).digest('base64url').slice(0, PROOF_CHARACTERS);
}

/**
 * Reads a receipt call, `{statuses: [{biTag, token, status, timestamp}]}`. An entry that makes no sense is passed over rather than
 * losing its neighbours; where proofs are to be checked, so is one without, and a call of such entries alone is not Honor's.
 */
export function readReceipts({ body, receivedAt, check }: ReceiptRequest): readonly Receipt[] {
  const call = jsonOf(body);
  if (!is(posted, call)) {
    throw new Refusal(400, 'the body is not a receipt: no JSON with "statuses"');
  }
  const receipts = call.statuses.flatMap((one) => receiptOf(one, receivedAt));
  if (check === undefined || receipts.length === 0) {
    return receipts;
  }
  const proven = receipts.flatMap((receipt) => withoutProof(receipt, check.secret));
  if (proven.length === 0) {
    throw new Refusal(401, 'no receipt of the call has a tag of ours');
  }
  return proven;
}

function receiptOf(one: unknown, receivedAt: EpochMs): readonly Receipt[] {
  if (!is(entry, one) || one.token === '') {
    return [];
  }
  const vendorType = String(one.status);
  const { biTag } = one;
  return [
    {
      kind: KINDS.get(vendorType) ?? 'unknown',
      tokens: [one.token],
      at: timeOf(one.timestamp) ?? receivedAt,
      ...(typeof biTag === 'string' && biTag !== '' ? { jobId: biTag } : {}),
      vendorType,
    },
  ];
}

/** The receipt with the job id alone, if the proof behind it is ours. */
function withoutProof(receipt: Receipt, secret: string): readonly Receipt[] {
  const tag = receipt.jobId ?? '';
  const jobId = tag.slice(0, -PROOF_CHARACTERS - 1);
  const expected = Buffer.from(biTagOf(jobId, secret));
  const given = Buffer.from(tag);
  return jobId !== '' && given.length === expected.length && timingSafeEqual(given, expected)
    ? [{ ...receipt, jobId }]
    : [];
}

function timeOf(timestamp: unknown): EpochMs | undefined {
  const at = typeof timestamp === 'string' ? Number(timestamp) : timestamp;
  return typeof at === 'number' && Number.isSafeInteger(at) && at > 0 ? at : undefined;
}
