import { randomBytes } from 'node:crypto';
import { vendors } from '../../lib/vendors/registry';

/** A vendor the service can reach. */
export type Vendor = keyof typeof vendors;

// the keys are those of the registry
export const VENDORS = Object.keys(vendors) as readonly Vendor[];

/** A phone as people buy it. */
export interface PhoneModel {
  /** What it says about itself when it logs in. */
  readonly facts: {
    readonly platform: 'android' | 'ios' | 'harmony';
    readonly manufacturer: string;
    readonly model: string;
    readonly brand?: string;
    readonly osVersion?: string;
    readonly romVersion?: string;
    readonly googleServices?: boolean;
    readonly region?: string;
    readonly package?: string;
  };
  /** A new token as long as the vendor's are, and with the characters they have. */
  makeToken(): string;
}

const random = (encoding: 'base64' | 'base64url' | 'hex', bytes: number) =>
  randomBytes(bytes).toString(encoding);
const digits = (count: number) =>
  BigInt(`0x${random('hex', count)}`)
    .toString()
    .slice(-count)
    .padStart(count, '0');

const MAINLAND = { platform: 'android', package: 'com.example.chat', region: 'CN' } as const;

const MODELS: Readonly<Record<Vendor, PhoneModel>> = {
  xiaomi: {
    facts: { ...MAINLAND, manufacturer: 'Xiaomi', brand: 'Redmi', model: '23117RK66C' },
    makeToken: () => `${random('base64', 45)}b+/=`,
  },
  huawei: {
    facts: { ...MAINLAND, manufacturer: 'HUAWEI', model: 'ALN-AL00', romVersion: 'EmotionUI 14' },
    makeToken: () => `IQAAAACy${random('base64url', 90)}`,
  },
  honor: {
    facts: { ...MAINLAND, manufacturer: 'HONOR', model: 'BVL-AN16', romVersion: 'MagicOS 8.0' },
    makeToken: () => `BAEAAAAAB.${random('base64url', 90)}`,
  },
  oppo: {
    facts: { ...MAINLAND, manufacturer: 'OnePlus', brand: 'OnePlus', model: 'PJD110' },
    makeToken: () => `CN_${random('hex', 16)}`,
  },
  vivo: {
    facts: { ...MAINLAND, manufacturer: 'vivo', brand: 'iQOO', model: 'V2307A' },
    makeToken: () => `1${digits(19)}`,
  },
  meizu: {
    facts: { ...MAINLAND, manufacturer: 'Meizu', model: 'MEIZU 21', romVersion: 'Flyme 10.5' },
    makeToken: () => `S5Q4${random('hex', 18)}`,
  },
  fcm: {
    facts: { ...MAINLAND, manufacturer: 'Google', model: 'Pixel 8', googleServices: true },
    makeToken: () => `${random('base64url', 16)}:APA91b${random('base64url', 100)}`,
  },
  apns: {
    facts: { platform: 'ios', manufacturer: 'Apple', model: 'iPhone15,4', osVersion: '17.6' },
    // none that begins with `dead`, as tokens of dead phones do where vendors are simulated
    makeToken: () => `0${random('hex', 32).slice(1)}`,
  },
  harmony: {
    facts: { platform: 'harmony', manufacturer: 'HUAWEI', model: 'ALN-AL80', osVersion: '5.0.0' },
    makeToken: () => `MAMzLgIkEUY${random('base64url', 72)}`,
  },
};

/** A phone that is reached through this vendor. */
export function phoneOf(vendor: Vendor): PhoneModel {
  return MODELS[vendor];
}
