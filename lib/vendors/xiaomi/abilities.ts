import type { VendorAbilities } from '../../model/vendor-abilities';

/** What Xiaomi can do with what was shown. */
export const abilities = {
  badge: 'none',
  withdraws: true,
} as const satisfies Omit<VendorAbilities, 'members'>;
