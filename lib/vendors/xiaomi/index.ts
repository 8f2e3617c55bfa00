import { readLimits, type Vendor } from '../vendor';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { readReceipts } from './receipts';

/** Xiaomi Push (MiPush) for Android phones of Xiaomi, Redmi and POCO. */
export const xiaomi: Vendor = {
  id: 'xiaomi',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: true,
  endpoint: 'https://api.xmpush.xiaomi.com',
  hosts: ['.xmpush.xiaomi.com', '.xmpush.global.xiaomi.com'],
  readReceipts,
};
