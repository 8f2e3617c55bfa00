import { readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };

/** Google FCM, for Android phones with Google services. It sends no receipts. */
export const fcm: Vendor = {
  id: 'fcm',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://fcm.googleapis.com',
  authEndpoint: 'https://oauth2.googleapis.com',
  hosts: ['fcm.googleapis.com', 'oauth2.googleapis.com'],
};
