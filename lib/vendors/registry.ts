import type { VendorId } from '../model/vendor-id';
import { fcm } from './fcm';
import { harmony } from './harmony';
import { huawei } from './huawei';
import { oppo } from './oppo';
import type { Vendor } from './vendor';
import { vivo } from './vivo';
import { xiaomi } from './xiaomi';

/** Every vendor the service can reach: facts only, their senders are in the sender functions alone. */
export const vendors = { xiaomi, huawei, oppo, vivo, fcm, harmony } satisfies Partial<
  Record<VendorId, Vendor>
>;

const known: Partial<Record<VendorId, Vendor>> = vendors;

/** A vendor's facts; undefined for one that is named but not built yet. */
export function vendorOf(id: VendorId): Vendor | undefined {
  return known[id];
}
