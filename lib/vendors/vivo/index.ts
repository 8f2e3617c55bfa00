import { type CertificateSettings, readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { classingOf } from './categories';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { readReceipts } from './receipts';

/** vivo push for phones of vivo and iQOO. */
export const vivo: Vendor = {
  id: 'vivo',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: 'https://api-push.vivo.com.cn',
  hosts: ['api-push.vivo.com.cn'],
  readReceipts,
  warningsFor,
};

/** https://dev.vivo.com.cn/documentCenter/doc/359 (checked 2026-11-24): operational messages have quotas and hours. */
function warningsFor({ classes = {} }: CertificateSettings): readonly string[] {
  return Object.entries(classes).flatMap(([name, messageClass]) => {
    const { category, classification } = classingOf(messageClass);
    return classification === 0
      ? [
          `classes.${name} sends messages as ${category}, operational ones to vivo: a few a day for each phone, from 7:00 to 23:00 only`,
        ]
      : [];
  });
}
