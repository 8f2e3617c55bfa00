import type { VendorAbilities } from '../../model/vendor-abilities';

/** What OPPO can do with what was shown. */
export const abilities = {
  badge: 'none',
  withdraws: false,
} as const satisfies Omit<VendorAbilities, 'members'>;
