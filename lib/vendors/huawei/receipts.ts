import type { Receipt } from '../../model/receipt';
import { type ReceiptKinds, readHuaweiReceipts } from '../huawei-receipts';
import type { ReceiptRequest } from '../vendor';

/**
 * What the result of a receipt says of the message: developer.huawei.com, HMSCore-Guides/msg-receipt-guide-0000001050040176;
 * 256 and 259 from harmonyos-guides/push-msg-receipt (2026-04-20). No row, hence `unknown`: 14 (network), 27 (cached until the
 * app runs), 51 (phone not unlocked since it started): the message may still come.
 */
const KINDS: ReceiptKinds = new Map([
  ['0', 'delivered'],
  // the app is not installed
  ['2', 'token-invalid'],
  // data cleared, reinstalled, token deleted, factory reset
  ['5', 'token-invalid'],
  // notifications or the channel switched off
  ['6', 'muted'],
  // the phone was not seen for 30 days
  ['10', 'filtered'],
  // replaced by a newer message, or more than 120 waited for the phone
  ['15', 'expired'],
  // not the phone's present user: no reason to forget the token
  ['22', 'filtered'],
  // the page to open cannot be opened
  ['31', 'filtered'],
  // frequency control of the device
  ['102', 'over-quota'],
  // no such profile on the phone
  ['144', 'filtered'],
  // user, notifications or installation: not said which
  ['201', 'muted'],
  // the category's daily total, marketing or test
  ['256', 'over-quota'],
  // content or address refused
  ['259', 'filtered'],
]);

/** What Huawei reports about phones: HMS receipts, V1 or V2. */
export function readReceipts(request: ReceiptRequest): readonly Receipt[] {
  return readHuaweiReceipts(request, KINDS);
}

/** New documents call the fields `code` and `message`, archived ones (HMS-References/push-receiptapi) `errno` and `errmsg`. */
export const RECEIPT_ANSWER = '{"code":"0","message":"success","errno":"0","errmsg":"success"}';
