import { type CertificateSettings, readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { importanceOf } from './protocol';
import { readReceipts } from './receipts';

/** Honor Push, for Honor phones with Magic UI 4.0 or later (abroad 4.2). */
export const honor: Vendor = {
  id: 'honor',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://push-api.cloud.honor.com',
  authEndpoint: 'https://iam.developer.honor.com',
  hosts: [
    'push-api.cloud.honor.com',
    'iam.developer.honor.com',
    // the names of before
    'push-api.cloud.hihonor.com',
    'iam.developer.hihonor.com',
  ],
  readReceipts,
  receiptsCheckable: true,
  receiptAnswer: '{"code":"0","message":"success"}',
  warningsFor,
};

/** docs.getui.com/getui/mobile/vendor/qps/ (checked 2026-11-24): 2 a day for each device, 5 for news apps. */
function warningsFor({ classes = {} }: CertificateSettings): readonly string[] {
  return Object.entries(classes)
    .filter(([, settings]) => importanceOf(settings) === 'LOW')
    .map(
      ([name]) =>
        `classes.${name} has the importance LOW: Honor takes its messages for marketing, 2 a day for each phone`,
    );
}
