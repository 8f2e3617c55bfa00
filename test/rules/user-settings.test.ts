import {
  hidesDetail,
  languagesOf,
  timeZoneOf,
  userSettingsOf,
} from '../../lib/rules/user-settings';
import { aDevice, anAccount, NOW } from '../support/builders';

const NIGHT = { from: '22:00', to: '07:00' };
const OFF = { from: '00:00', to: '00:00' };

test.each([
  ['nothing', undefined, undefined, {}],
  [
    "the account's",
    { showDetail: false, doNotDisturb: { window: NIGHT } },
    undefined,
    { showDetail: false, doNotDisturb: { window: NIGHT } },
  ],
  ["the device's", undefined, { showDetail: false }, { showDetail: false, doNotDisturb: {} }],
  [
    "the device's over the account's",
    { showDetail: false },
    { showDetail: true },
    { showDetail: true, doNotDisturb: {} },
  ],
  [
    'each member from whoever has it',
    { showDetail: false, doNotDisturb: { window: NIGHT } },
    { doNotDisturb: { until: NOW } },
    { showDetail: false, doNotDisturb: { window: NIGHT, until: NOW } },
  ],
  [
    'no window where the device has switched it off',
    { doNotDisturb: { window: NIGHT } },
    { doNotDisturb: { window: OFF } },
    { doNotDisturb: { window: OFF } },
  ],
  [
    'the later time, so that one that has passed hides nothing',
    { doNotDisturb: { until: NOW + 1 } },
    { doNotDisturb: { until: NOW - 1 } },
    { doNotDisturb: { until: NOW + 1 } },
  ],
])('what applies is %s', (_name, all, own, expected) => {
  const device = aDevice(own && { settings: own });

  expect(userSettingsOf(anAccount([device], all && { settings: all }), device)).toEqual(expected);
});

test.each([
  [undefined, undefined, false],
  [false, undefined, true],
  [false, true, false],
  [true, false, true],
])('account %s, device %s: details are hidden: %s', (all, own, isHidden) => {
  const device = aDevice(own === undefined ? {} : { settings: { showDetail: own } });
  const account = anAccount([device], all === undefined ? {} : { settings: { showDetail: all } });

  expect(hidesDetail(account, device)).toBe(isHidden);
});

test.each([
  [undefined, 'Asia/Shanghai'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['GMT+8 or so', 'Asia/Shanghai'],
])('a device that says %s lives by the clocks of %s', (timeZone, expected) => {
  const device = aDevice({ facts: timeZone === undefined ? {} : { timeZone } });

  expect(timeZoneOf(device, { timeZone: 'Asia/Shanghai' })).toBe(expected);
});

test('texts are in the language of the device, then of the account', () => {
  const account = anAccount(undefined, { settings: { locale: 'zh' } });

  expect(languagesOf(account, aDevice({ facts: { locale: 'en' } }))).toEqual(['en', 'zh']);
  expect(languagesOf(account, aDevice())).toEqual(['zh']);
  expect(languagesOf(anAccount(), aDevice())).toEqual([]);
});
