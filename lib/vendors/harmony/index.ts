import { marketingWarnings } from '../huawei-content';
import { readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { SERVICE_CATEGORIES } from './categories';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { RECEIPT_ANSWER, readReceipts } from './receipts';

/** Huawei Push Kit for HarmonyOS 5 and later; there is no token endpoint, a JWT of our own is the access token. */
export const harmony: Vendor = {
  id: 'harmony',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://push-api.cloud.huawei.com',
  hosts: ['push-api.cloud.huawei.com'],
  readReceipts,
  receiptsCheckable: true,
  receiptAnswer: RECEIPT_ANSWER,
  warningsFor: (settings) => marketingWarnings(settings, SERVICE_CATEGORIES),
};
