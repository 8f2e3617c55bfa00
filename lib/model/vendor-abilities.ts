import type { VendorId } from './vendor-id';

/** What deciding and rendering have to know of a vendor. */
export interface VendorAbilities {
  /** Members of NIM's `pushPayload` that are its own. */
  readonly members: readonly string[];
  /** What it does with the number on the app's icon: takes it as it is, adds to it, or neither. */
  readonly badge: 'absolute' | 'increment' | 'none';
  /** What was shown can be taken out of the tray. */
  readonly withdraws: boolean;
}

/** By vendor; none for one that is named but not built yet. */
export type AbilitiesByVendor = ReadonlyMap<VendorId, VendorAbilities>;
