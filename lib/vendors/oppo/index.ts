import { type CertificateSettings, readLimits, type Vendor } from '../vendor';
import { abilities } from './abilities';
import { categoryOf, isRestricted } from './categories';
import { credentials } from './credentials';
import { errors } from './errors';
import limits from './limits.json' with { type: 'json' };
import { readReceipts } from './receipts';

/**
 * OPPO PUSH for phones of OPPO, realme and OnePlus. Newer documents name `api-push-cn.heytapmobi.com` as the mainland's host,
 * the official SDK the one used here; a certificate's endpoint may name either.
 */
export const oppo: Vendor = {
  id: 'oppo',
  limits: readLimits(limits),
  errors,
  credentials,
  packageRequired: false,
  ...abilities,
  endpoint: {
    mainland: 'https://api.push.oppomobile.com',
    overseas: 'https://api-intl.push.oppomobile.com',
  },
  hosts: ['.push.oppomobile.com', 'api-push-cn.heytapmobi.com'],
  readReceipts,
  regionOf,
  warningsFor,
};

/**
 * Where a registration id was made (https://open.oppomobile.com/new/developmentDoc/info?id=11235, checked 2026-11-24): of its
 * parts between "_", the one before the last is `CN` in the mainland; one without "_" is the mainland's.
 */
function regionOf(token: string): 'mainland' | 'overseas' {
  const parts = token.split('_');
  const isMainland = parts.length === 1 || (parts.length <= 3 && parts.at(-2) === 'CN');
  return isMainland ? 'mainland' : 'overseas';
}

/** https://open.oppomobile.com/new/developmentDoc/info?id=13189 (checked 2026-11-24): two classes, one of them with quotas. */
function warningsFor({ classes = {} }: CertificateSettings): readonly string[] {
  return Object.entries(classes).flatMap(([name, messageClass]) => {
    const category = categoryOf(messageClass);
    return isRestricted(category)
      ? [
          `classes.${name} sends messages as ${category}, content and marketing to OPPO: a few a day for each phone, without a sound`,
        ]
      : [];
  });
}
