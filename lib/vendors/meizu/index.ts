import { type CertificateSettings, readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { credentials } from './credentials';
import { errors, targetErrors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { readReceipts } from './receipts';

/** Meizu's Flyme push, for Meizu phones. */
export const meizu: Vendor = {
  id: 'meizu',
  limits: readLimits(limits),
  // 110010 stands in both, and is not the same
  errors: { ...targetErrors, ...errors },
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://server-api-push.meizu.com',
  hosts: ['server-api-push.meizu.com', 'server-api-push.in.meizu.com'],
  readReceipts,
  receiptsCheckable: true,
  warningsFor,
};

/** cloud.tencent.com/document/product/269/130977 (2026-05-14): 3 a day for each device, 5 for news apps. */
function warningsFor({ classes = {} }: CertificateSettings): readonly string[] {
  return Object.entries(classes)
    .filter(([, { instantMessaging }]) => instantMessaging === false)
    .map(
      ([name]) =>
        `classes.${name} has noticeMsgType 0: Meizu takes its messages for public ones, 3 a day for each phone`,
    );
}
