/** Every vendor this project knows of, in the default order of preference; FCM comes last of the Android channels. */
export const VENDOR_IDS = [
  'xiaomi',
  'huawei',
  'honor',
  'oppo',
  'vivo',
  'meizu',
  'fcm',
  'apns',
  'harmony',
] as const;

/** A phone maker's push channel, as named in code, queues, metrics and answers. */
export type VendorId = (typeof VENDOR_IDS)[number];

/**
 * NIM's numeric push types, for clients moving from NIM. 0 is "none".
 * APNs and HarmonyOS have no public code, so their type is 0 as well.
 */
const PUSH_TYPES: Readonly<Record<VendorId, number>> = {
  xiaomi: 5,
  huawei: 6,
  meizu: 7,
  fcm: 8,
  vivo: 9,
  oppo: 10,
  honor: 11,
  apns: 0,
  harmony: 0,
};

/** The NIM push type of a channel; 0 when there is none. */
export function pushTypeOf(vendor: VendorId | undefined): number {
  return vendor === undefined ? 0 : PUSH_TYPES[vendor];
}
