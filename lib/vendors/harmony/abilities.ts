import type { VendorAbilities } from '../../model/vendor-abilities';

/** What HarmonyOS can do with what was shown. */
export const abilities = {
  badge: 'increment',
  withdraws: true,
} as const satisfies Omit<VendorAbilities, 'members'>;
