import type { VendorAbilities } from '../../model/vendor-abilities';

/** What APNs can do with what was shown. */
export const abilities = {
  badge: 'absolute',
  withdraws: false,
} as const satisfies Omit<VendorAbilities, 'members'>;
