import type { DeviceFacts, Platform } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import { VENDOR_IDS, type VendorId } from '../../lib/model/vendor-id';
import { recommendChannel } from '../../lib/rules/channel';
import { aCertificateEntry, anApp } from '../support/builders';

const EVERY_VENDOR = anApp(VENDOR_IDS.map((vendor) => aCertificateEntry(vendor)));

function vendorFor(facts: DeviceFacts, app = EVERY_VENDOR, platform: Platform = 'android') {
  return recommendChannel({ platform, facts }, app)?.vendor;
}

function appWith(vendors: readonly VendorId[], settings: Partial<AppSettings> = {}) {
  return anApp(
    vendors.map((vendor) => aCertificateEntry(vendor)),
    settings,
  );
}

describe('the recommended vendor', () => {
  test.each<[DeviceFacts, VendorId | undefined]>([
    [{ manufacturer: 'Xiaomi' }, 'xiaomi'],
    [{ manufacturer: 'Xiaomi', brand: 'Redmi' }, 'xiaomi'],
    [{ brand: 'POCO' }, 'xiaomi'],
    [{ manufacturer: 'blackshark' }, 'xiaomi'],
    [{ manufacturer: 'Black Shark' }, 'xiaomi'],
    [{ manufacturer: ' HUAWEI ' }, 'huawei'],
    [{ manufacturer: 'OPPO' }, 'oppo'],
    [{ manufacturer: 'OnePlus' }, 'oppo'],
    [{ manufacturer: 'realme' }, 'oppo'],
    [{ manufacturer: 'vivo', brand: 'iQOO' }, 'vivo'],
    [{ brand: 'iQOO' }, 'vivo'],
    [{ manufacturer: 'Meizu' }, 'meizu'],
    [{ manufacturer: 'unknown', brand: 'Meizu' }, 'meizu'],
    [{ manufacturer: 'samsung', googleServices: true }, 'fcm'],
    [{ manufacturer: 'samsung' }, undefined],
    [{ manufacturer: 'constructor' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (facts, vendor) => {
    expect(vendorFor(facts)).toBe(vendor);
  });

  test.each<[DeviceFacts, VendorId]>([
    [{ manufacturer: 'HONOR' }, 'honor'],
    [{ manufacturer: 'HONOR', romVersion: 'MagicUI_4.0.0' }, 'honor'],
    [{ manufacturer: 'HONOR', romVersion: 'MagicOS 8.0' }, 'honor'],
    [{ manufacturer: 'HONOR', romVersion: '10.1' }, 'honor'],
    [{ manufacturer: 'HONOR', romVersion: 'Magic UI 3.1' }, 'huawei'],
    [{ manufacturer: 'HONOR', romVersion: '3.1.0' }, 'huawei'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR', romVersion: 'Magic UI 4.0' }, 'honor'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR', romVersion: 'MagicUI_3.0.1' }, 'huawei'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR', romVersion: 'EmotionUI_10.1.0' }, 'huawei'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR', romVersion: 'EMUI 11' }, 'huawei'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR', romVersion: 'TEL-AN00' }, 'huawei'],
    [{ manufacturer: 'HUAWEI', brand: 'HONOR' }, 'huawei'],
  ])('of an Honor phone %j is %s', (facts, vendor) => {
    expect(vendorFor(facts)).toBe(vendor);
  });

  test.each<[Platform, VendorId | undefined]>([
    ['ios', 'apns'],
    ['harmony', 'harmony'],
    ['windows', undefined],
    ['macos', undefined],
    ['linux', undefined],
    ['web', undefined],
  ])('of a device on %s is %s', (platform, vendor) => {
    expect(
      vendorFor({ manufacturer: 'HUAWEI', googleServices: true }, EVERY_VENDOR, platform),
    ).toBe(vendor);
  });

  test.each<[string, DeviceFacts, readonly VendorId[], VendorId | undefined]>([
    ['Honor without certificate', { brand: 'HONOR' }, ['huawei', 'fcm'], 'huawei'],
    ['Honor with only FCM', { brand: 'HONOR', googleServices: true }, ['fcm'], 'fcm'],
    ['Honor without Google services', { brand: 'HONOR' }, ['fcm'], undefined],
    ['Xiaomi with only FCM', { brand: 'Xiaomi', googleServices: true }, ['fcm'], 'fcm'],
    ['Xiaomi with only OPPO', { brand: 'Xiaomi' }, ['oppo'], undefined],
    ['Xiaomi with both', { brand: 'Xiaomi', googleServices: true }, ['fcm', 'xiaomi'], 'xiaomi'],
    [
      'an app that can only FCM',
      { brand: 'Xiaomi', googleServices: true, supportedVendors: ['fcm'] },
      VENDOR_IDS,
      'fcm',
    ],
    [
      'an app that can nothing',
      { brand: 'Xiaomi', googleServices: true, supportedVendors: [] },
      VENDOR_IDS,
      undefined,
    ],
  ])('falls to the next that fits: %s', (_name, facts, vendors, expected) => {
    expect(vendorFor(facts, appWith(vendors))).toBe(expected);
  });

  test.each<[AppSettings['fcmFirst'], string | undefined, VendorId]>([
    ['never', 'US', 'xiaomi'],
    ['outside-mainland', undefined, 'xiaomi'],
    ['outside-mainland', 'CN', 'xiaomi'],
    ['outside-mainland', 'cn', 'xiaomi'],
    ['outside-mainland', 'HK', 'fcm'],
    ['always', undefined, 'fcm'],
    ['always', 'CN', 'fcm'],
  ])('with FCM first %s in region %s is %s', (fcmFirst, region, vendor) => {
    const facts = { brand: 'Xiaomi', googleServices: true, ...(region && { region }) };

    expect(vendorFor(facts, appWith(VENDOR_IDS, { fcmFirst }))).toBe(vendor);
  });

  test('is not FCM without Google services or without certificate, even if FCM is first', () => {
    const settings = { fcmFirst: 'always' } as const;

    expect(vendorFor({ brand: 'Xiaomi' }, appWith(VENDOR_IDS, settings))).toBe('xiaomi');
    expect(
      vendorFor({ brand: 'Xiaomi', googleServices: true }, appWith(['xiaomi'], settings)),
    ).toBe('xiaomi');
  });
});

describe('the recommended certificate', () => {
  const general = aCertificateEntry('xiaomi', { name: 'general' });
  const first = aCertificateEntry('xiaomi', { name: 'a-first', package: 'com.first' });
  const second = aCertificateEntry('xiaomi', { name: 'second', package: 'com.second' });

  test.each([
    ['for exactly this package', 'com.second', [general, first, second], 'second'],
    [
      'without a package, if none is for this one',
      'com.third',
      [first, second, general],
      'general',
    ],
    ['by name, if the device names no package', undefined, [second, general, first], 'a-first'],
    ['none, if all are for other packages', 'com.third', [first, second], undefined],
  ])('is the one %s', (_name, ownPackage, entries, certificate) => {
    const facts = { brand: 'Xiaomi', ...(ownPackage && { package: ownPackage }) };

    expect(recommendChannel({ platform: 'android', facts }, anApp(entries))?.certificate).toBe(
      certificate,
    );
  });

  test('of another vendor is taken if no package fits', () => {
    const facts = { brand: 'Xiaomi', googleServices: true, package: 'com.third' };

    expect(
      recommendChannel({ platform: 'android', facts }, anApp([first, aCertificateEntry('fcm')])),
    ).toEqual({ vendor: 'fcm', certificate: 'fcm-cert' });
  });
});
