import type { VendorAbilities } from '../../model/vendor-abilities';

/** What vivo can do with what was shown. */
export const abilities = {
  badge: 'increment',
  withdraws: false,
} as const satisfies Omit<VendorAbilities, 'members'>;
