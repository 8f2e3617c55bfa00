import type { VendorId } from '../model/vendor-id';
import { apns } from './apns';
import { fcm } from './fcm';
import { harmony } from './harmony';
import { honor } from './honor';
import { huawei } from './huawei';
import { meizu } from './meizu';
import { oppo } from './oppo';
import type { Vendor } from './vendor';
import { vivo } from './vivo';
import { xiaomi } from './xiaomi';

/** Every vendor the service can reach: facts only, their senders are in the sender functions alone. */
export const vendors = {
  xiaomi,
  huawei,
  honor,
  oppo,
  vivo,
  meizu,
  fcm,
  apns,
  harmony,
} satisfies Partial<Record<VendorId, Vendor>>;

const known: Partial<Record<VendorId, Vendor>> = vendors;

/** A vendor's facts; undefined for one that is named but not built yet. */
export function vendorOf(id: VendorId): Vendor | undefined {
  return known[id];
}
