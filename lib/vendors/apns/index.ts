import { readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
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
  ...abilities,
  endpoint: 'https://api.push.apple.com',
  hosts: ['api.push.apple.com', 'api.sandbox.push.apple.com'],
};
