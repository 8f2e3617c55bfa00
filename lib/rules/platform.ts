import type { Platform } from '../model/account';

export type PlatformClass = 'mobile' | 'desktop' | 'web';

const CLASSES: Readonly<Record<Platform, PlatformClass>> = {
  android: 'mobile',
  ios: 'mobile',
  harmony: 'mobile',
  windows: 'desktop',
  macos: 'desktop',
  linux: 'desktop',
  web: 'web',
};

/** Only mobiles have a vendor channel; `multiDevice: one-per-type` counts one session per class. */
export function classOf(platform: Platform): PlatformClass {
  return CLASSES[platform];
}
