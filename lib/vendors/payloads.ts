import type { VendorAbilities } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';
import { payload as apns } from './apns/payload';
import { payload as fcm } from './fcm/payload';
import { payload as harmony } from './harmony/payload';
import { payload as honor } from './honor/payload';
import { payload as huawei } from './huawei/payload';
import { payload as meizu } from './meizu/payload';
import { payload as oppo } from './oppo/payload';
import type { vendors } from './registry';
import type { VendorPayload } from './vendor';
import { payload as vivo } from './vivo/payload';
import { payload as xiaomi } from './xiaomi/payload';

/**
 * What may be asked of a vendor by a message. Apart from its other facts, for who decides on messages needs no more of all
 * vendors, and nobody else needs this; `badge` and `withdraws` are those facts again, and a test compares them.
 */
export interface VendorMessages extends Pick<VendorAbilities, 'badge' | 'withdraws'> {
  readonly id: VendorId;
  /** What of a message's `pushPayload` is for this vendor. */
  readonly payload: VendorPayload;
}

/** By vendor: each one of the registry. */
export const payloads = {
  xiaomi: { id: 'xiaomi', payload: xiaomi, badge: 'none', withdraws: true },
  huawei: { id: 'huawei', payload: huawei, badge: 'increment', withdraws: false },
  honor: { id: 'honor', payload: honor, badge: 'increment', withdraws: false },
  oppo: { id: 'oppo', payload: oppo, badge: 'none', withdraws: false },
  vivo: { id: 'vivo', payload: vivo, badge: 'increment', withdraws: false },
  meizu: { id: 'meizu', payload: meizu, badge: 'none', withdraws: false },
  fcm: { id: 'fcm', payload: fcm, badge: 'absolute', withdraws: false },
  apns: { id: 'apns', payload: apns, badge: 'absolute', withdraws: false },
  harmony: { id: 'harmony', payload: harmony, badge: 'increment', withdraws: true },
} as const satisfies Readonly<Record<keyof typeof vendors, VendorMessages>>;
