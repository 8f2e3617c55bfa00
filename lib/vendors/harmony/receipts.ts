import type { Receipt } from '../../model/receipt';
import { type ReceiptKinds, readHuaweiReceipts } from '../huawei-receipts';
import type { ReceiptRequest } from '../vendor';

/**
 * What the result of a receipt says of the message: developer.huawei.com, harmonyos-guides/push-msg-receipt (2026-04-20).
 * No row, hence `unknown`: 14 (other), 27 (cached), 51 (phone not unlocked since it started), the results of service widgets and
 * live views (261, 262, 264, 265, 268, 269), which we do not send, and 151, 155, 156, 158, 188, 191.
 */
const KINDS: ReceiptKinds = new Map([
  ['0', 'delivered'],
  // the app was removed
  ['2', 'token-invalid'],
  // the token is not the phone's
  ['5', 'token-invalid'],
  // notifications switched off
  ['6', 'muted'],
  // the phone was not seen for 30 days
  ['10', 'filtered'],
  // collapsed, or more than 120 waited for the phone
  ['15', 'expired'],
  // not the phone's present user: no reason to forget the token
  ['22', 'filtered'],
  // the page to open was not found
  ['31', 'filtered'],
  // frequency control of the device
  ['102', 'over-quota'],
  // no such profile on the phone
  ['144', 'filtered'],
  // the category's daily total, marketing or test
  ['256', 'over-quota'],
  // content refused
  ['259', 'filtered'],
]);

/** What Huawei reports about phones with HarmonyOS 5 and later. */
export function readReceipts(request: ReceiptRequest): readonly Receipt[] {
  return readHuaweiReceipts(request, KINDS);
}

/** HTTP 200 with this ends the call; same source. */
export const RECEIPT_ANSWER = '{"code":"0","message":"success"}';
