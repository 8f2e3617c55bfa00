/** Categories of notifications that are no marketing: harmonyos-references/push-scenariozed-api-* (2026-04). */
export const SERVICE_CATEGORIES = [
  'IM',
  'VOIP',
  'MISS_CALL',
  'SUBSCRIPTION',
  'TRAVEL',
  'HEALTH',
  'WORK',
  'ACCOUNT',
  'EXPRESS',
  'FINANCE',
  'DEVICE_REMINDER',
  'MAIL',
] as const;
