import type { VendorAbilities } from '../model/vendor-abilities';
import type { VendorId } from '../model/vendor-id';
import { abilities as apnsAbilities } from './apns/abilities';
import { payload as apns } from './apns/payload';
import { abilities as fcmAbilities } from './fcm/abilities';
import { payload as fcm } from './fcm/payload';
import { abilities as harmonyAbilities } from './harmony/abilities';
import { payload as harmony } from './harmony/payload';
import { abilities as honorAbilities } from './honor/abilities';
import { payload as honor } from './honor/payload';
import { abilities as huaweiAbilities } from './huawei/abilities';
import { payload as huawei } from './huawei/payload';
import { abilities as meizuAbilities } from './meizu/abilities';
import { payload as meizu } from './meizu/payload';
import { abilities as oppoAbilities } from './oppo/abilities';
import { payload as oppo } from './oppo/payload';
import type { vendors } from './registry';
import type { VendorPayload } from './vendor';
import { abilities as vivoAbilities } from './vivo/abilities';
import { payload as vivo } from './vivo/payload';
import { abilities as xiaomiAbilities } from './xiaomi/abilities';
import { payload as xiaomi } from './xiaomi/payload';

/**
 * What may be asked of a vendor by a message. Apart from its other facts, for who decides on messages needs no more of all
 * vendors, and nobody else needs this.
 */
export interface VendorMessages extends Omit<VendorAbilities, 'members'> {
  readonly id: VendorId;
  /** What of a message's `pushPayload` is for this vendor. */
  readonly payload: VendorPayload;
}

/** By vendor: each one of the registry. */
export const payloads = {
  xiaomi: { id: 'xiaomi', payload: xiaomi, ...xiaomiAbilities },
  huawei: { id: 'huawei', payload: huawei, ...huaweiAbilities },
  honor: { id: 'honor', payload: honor, ...honorAbilities },
  oppo: { id: 'oppo', payload: oppo, ...oppoAbilities },
  vivo: { id: 'vivo', payload: vivo, ...vivoAbilities },
  meizu: { id: 'meizu', payload: meizu, ...meizuAbilities },
  fcm: { id: 'fcm', payload: fcm, ...fcmAbilities },
  apns: { id: 'apns', payload: apns, ...apnsAbilities },
  harmony: { id: 'harmony', payload: harmony, ...harmonyAbilities },
} as const satisfies Readonly<Record<keyof typeof vendors, VendorMessages>>;
