import { readLimits, type Vendor } from '../vendor';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };

/** Apple Push Notification service, for iPhones and iPads. It sends no receipts. */
export const apns: Vendor = {
  id: 'apns',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  badge: 'absolute',
  endpoint: 'https://api.push.apple.com',
  hosts: ['api.push.apple.com', 'api.sandbox.push.apple.com'],
};
