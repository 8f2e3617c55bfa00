import { randomBytes } from 'node:crypto';
import { pushTypeOf } from '../../lib/model/vendor-id';
import { vendors } from '../../lib/vendors/registry';

/** A vendor the service can reach. */
export type Vendor = keyof typeof vendors;

// the keys are those of the registry
export const VENDORS = Object.keys(vendors) as readonly Vendor[];

/** A phone that is reached through one vendor, and what that vendor gives it. */
export interface PhoneModel {
  /** What it says about itself when it logs in. */
  readonly facts: Readonly<Record<string, unknown>> & { readonly platform: string };
  /** NIM's number of the channel. */
  readonly pushType: number;
  /** A new token as long as the vendor's are, and with the characters they have. */
  makeToken(): string;
}

const PACKAGE = 'com.example.chat';
const random = (encoding: 'base64' | 'base64url' | 'hex', bytes: number) =>
  randomBytes(bytes).toString(encoding);

function android(
  manufacturer: string,
  more: Readonly<Record<string, unknown>> = {},
): PhoneModel['facts'] {
  return { platform: 'android', manufacturer, package: PACKAGE, region: 'CN', ...more };
}

const MODELS: Readonly<Record<Vendor, Omit<PhoneModel, 'pushType'>>> = {
  xiaomi: {
    facts: android('Xiaomi', { brand: 'Redmi', model: '23117RK66C', romVersion: 'OS1.0.8.0' }),
    makeToken: () => `${random('base64', 46)}+/`.slice(0, 64),
  },
  huawei: {
    facts: android('HUAWEI', { brand: 'HUAWEI', model: 'ALN-AL00', romVersion: 'EmotionUI 14' }),
    makeToken: () => `IQAAAACy${random('base64url', 90)}`,
  },
  honor: {
    facts: android('HONOR', { brand: 'HONOR', model: 'BVL-AN16', romVersion: 'MagicOS 8.0' }),
    makeToken: () => `BAEAAAAAB.${random('base64url', 90)}`,
  },
  oppo: {
    facts: android('OnePlus', { brand: 'OnePlus', model: 'PJD110', romVersion: 'V14.0.0' }),
    makeToken: () => `CN_${random('hex', 16)}`,
  },
  vivo: {
    facts: android('vivo', { brand: 'iQOO', model: 'V2307A', romVersion: 'OriginOS 4' }),
    makeToken: () => `1${BigInt(`0x${random('hex', 12)}`) % 10n ** 19n}`.padEnd(20, '0'),
  },
  meizu: {
    facts: android('Meizu', { brand: 'Meizu', model: 'MEIZU 21', romVersion: 'Flyme 10.5' }),
    makeToken: () => `S5Q4${random('hex', 18)}`,
  },
  fcm: {
    facts: android('Google', { model: 'Pixel 8', googleServices: true, region: 'SG' }),
    makeToken: () => `${random('base64url', 16)}:APA91b${random('base64url', 100)}`,
  },
  apns: {
    facts: { platform: 'ios', manufacturer: 'Apple', model: 'iPhone15,4', osVersion: '17.6' },
    // never one that begins with `dead`
    makeToken: () => `0${random('hex', 32).slice(1)}`,
  },
  harmony: {
    facts: { platform: 'harmony', manufacturer: 'HUAWEI', model: 'ALN-AL80', osVersion: '5.0.0' },
    makeToken: () => `MAMzLgIkEUY${random('base64url', 72)}`,
  },
};

/** A phone as people buy it, by the vendor that reaches it. */
export function phoneOf(vendor: Vendor): PhoneModel {
  return { ...MODELS[vendor], pushType: pushTypeOf(vendor) };
}
