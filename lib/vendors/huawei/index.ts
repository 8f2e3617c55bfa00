import { marketingWarnings } from '../huawei-content';
import { readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { SERVICE_CATEGORIES } from './categories';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { RECEIPT_ANSWER, readReceipts } from './receipts';

/** Huawei Push Kit (HMS), for phones with Android or HarmonyOS up to 4.x. */
export const huawei: Vendor = {
  id: 'huawei',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://push-api.cloud.huawei.com',
  authEndpoint: 'https://oauth-login.cloud.huawei.com',
  hosts: ['push-api.cloud.huawei.com', 'oauth-login.cloud.huawei.com'],
  readReceipts,
  receiptsCheckable: true,
  receiptAnswer: RECEIPT_ANSWER,
  warningsFor: (settings) => marketingWarnings(settings, SERVICE_CATEGORIES),
};
