import fc from 'fast-check';
import type { DeviceFacts, Platform } from '../../lib/model/account';
import { PLATFORMS } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import { VENDOR_IDS, type VendorId } from '../../lib/model/vendor-id';
import { currentChannel, recommendChannel } from '../../lib/rules/channel';
import { aCertificateEntry, aDevice, anApp, aToken, NOW } from '../support/builders';

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

describe('the channel of a device', () => {
  const tokens = {
    'xiaomi-cert': aToken(),
    'fcm-cert': aToken({ vendor: 'fcm', token: 'of-fcm' }),
    'oppo-cert': aToken({ vendor: 'oppo', token: 'of-oppo' }),
    'huawei-cert': aToken({ vendor: 'huawei', token: 'of-huawei' }),
  };
  const { 'xiaomi-cert': _xiaomi, ...others } = tokens;

  test('is the recommended one, with all a send needs', () => {
    expect(currentChannel(aDevice({ tokens }), EVERY_VENDOR)).toEqual({
      certificate: 'xiaomi-cert',
      ...aToken(),
    });
  });

  test.each([false, true])('needs a token (choosing itself: %s)', (autoSelectPushType) => {
    expect(currentChannel(aDevice({ autoSelectPushType, tokens: {} }), EVERY_VENDOR)).toBe(
      'no-token',
    );
  });

  test('is not that of a vendor that was not recommended', () => {
    expect(currentChannel(aDevice({ tokens: others }), EVERY_VENDOR)).toBe('no-token');
  });

  test('is none for a phone without recommendation', () => {
    expect(currentChannel(aDevice({ facts: {} }), EVERY_VENDOR)).toBe('no-token');
  });

  test.each([
    ['a deleted certificate', anApp([])],
    [
      'a certificate that is another vendor’s by now',
      anApp([aCertificateEntry('vivo', { name: 'xiaomi-cert' })]),
    ],
  ])('ends with %s', (_name, app) => {
    expect(currentChannel(aDevice(), app)).toBe('no-certificate');
  });

  test('is not found by a name that every object inherits', () => {
    const device = aDevice({ tokens: { constructor: aToken() } });

    expect(currentChannel(device, EVERY_VENDOR)).toBe('no-certificate');
  });

  test('of two certificates of one vendor is the newest token', () => {
    const device = aDevice({
      tokens: {
        'xiaomi-cert': aToken(),
        'xiaomi-new': aToken({ token: 'newest', registeredAt: NOW }),
      },
    });
    const app = anApp([
      aCertificateEntry('xiaomi'),
      aCertificateEntry('xiaomi', { name: 'xiaomi-new' }),
    ]);

    expect(currentChannel(device, app)).toMatchObject({
      certificate: 'xiaomi-new',
      token: 'newest',
    });
  });

  test('of two tokens of one moment is that for the package of the device', () => {
    const entries = [
      aCertificateEntry('xiaomi', { name: 'a', package: 'com.other' }),
      aCertificateEntry('xiaomi', { name: 'b', package: 'com.own' }),
    ];
    const device = aDevice({
      facts: { brand: 'Xiaomi', package: 'com.own' },
      tokens: { a: aToken(), b: aToken() },
    });

    expect(currentChannel(device, anApp(entries))).toMatchObject({ certificate: 'b' });
  });

  test.each<[string, typeof others | typeof tokens, Partial<AppSettings>, VendorId]>([
    ['the recommendation first', tokens, { vendorPriority: ['oppo'] }, 'xiaomi'],
    ['then the list of the app', others, { vendorPriority: ['oppo', 'huawei'] }, 'oppo'],
    ['then the default order', others, { vendorPriority: ['vivo'] }, 'huawei'],
    ['FCM last, even if listed', others, { vendorPriority: ['fcm', 'oppo'] }, 'oppo'],
    ['FCM if it is recommended', tokens, { fcmFirst: 'always' }, 'fcm'],
  ])('that chooses itself takes %s', (_name, obtained, settings, vendor) => {
    const device = aDevice({
      autoSelectPushType: true,
      facts: { brand: 'Xiaomi', googleServices: true },
      tokens: obtained,
    });

    expect(currentChannel(device, appWith(VENDOR_IDS, settings))).toMatchObject({ vendor });
  });

  test('that chooses itself takes FCM when there is nothing else', () => {
    const device = aDevice({
      autoSelectPushType: true,
      tokens: { 'fcm-cert': tokens['fcm-cert'] },
    });

    expect(currentChannel(device, EVERY_VENDOR)).toMatchObject({ vendor: 'fcm' });
  });

  test('is always one of its own tokens under a certificate of the app', () => {
    const vendor = fc.constantFrom(...VENDOR_IDS);
    const device = fc.record({
      platform: fc.constantFrom(...PLATFORMS),
      autoSelectPushType: fc.boolean(),
      googleServices: fc.boolean(),
      brand: fc.constantFrom('Xiaomi', 'HONOR', 'vivo', 'samsung'),
      tokenVendors: fc.uniqueArray(vendor),
      certificateVendors: fc.uniqueArray(vendor),
    });
    fc.assert(
      fc.property(
        device,
        ({ tokenVendors, certificateVendors, brand, googleServices, ...rest }) => {
          const own = tokenVendors.map((one) => [`${one}-cert`, aToken({ vendor: one })] as const);
          const channel = currentChannel(
            aDevice({ ...rest, facts: { brand, googleServices }, tokens: Object.fromEntries(own) }),
            appWith(certificateVendors),
          );

          if (typeof channel === 'object') {
            expect(tokenVendors).toContain(channel.vendor);
            expect(certificateVendors).toContain(channel.vendor);
          } else if (rest.autoSelectPushType) {
            expect(tokenVendors.filter((one) => certificateVendors.includes(one))).toEqual([]);
          }
        },
      ),
    );
  });
});
