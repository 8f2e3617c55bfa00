import fc from 'fast-check';
import { PLATFORMS } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import { VENDOR_IDS, type VendorId } from '../../lib/model/vendor-id';
import { currentChannel } from '../../lib/rules/channel';
import { aCertificateEntry, aDevice, anApp, aToken, NOW } from '../support/builders';

const EVERY_VENDOR = anApp(VENDOR_IDS.map((vendor) => aCertificateEntry(vendor)));

function appWith(vendors: readonly VendorId[], settings: Partial<AppSettings> = {}) {
  return anApp(
    vendors.map((vendor) => aCertificateEntry(vendor)),
    settings,
  );
}

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
