import type { Account, DoNotDisturb } from '../../lib/model/account';
import { MINUTE_MS } from '../../lib/model/time';
import {
  type AccountSettingsChange,
  changeAccount,
  changeDevice,
  type DeviceSettingsChange,
} from '../../lib/rules/change-settings';
import { aDevice, anAccount, NOW, OWNER } from '../support/builders';
import { deviceIn, LOGGED_OUT, register } from '../support/registering';

const NIGHT = { from: '22:00', to: '07:30', timeZone: 'Asia/Shanghai' } as const;

function changed(account: Account | undefined, change: AccountSettingsChange): Account {
  return changeAccount(account, OWNER, change, NOW);
}

function changedPhone(change: DeviceSettingsChange, device = aDevice()) {
  return deviceIn(changeDevice(anAccount([device]), device.deviceId, change, NOW));
}

describe("a user's settings of the account", () => {
  test('are stored beside the devices, and change nothing else', () => {
    const settings = {
      pushEnabled: false,
      showDetail: false,
      pushWhenDesktopOnline: false,
      locale: 'en',
      doNotDisturb: { window: NIGHT, until: NOW + 1 },
    };

    expect(changed(anAccount(), settings)).toEqual(anAccount(undefined, { settings }));
  });

  test('of an account that is not known make one without devices', () => {
    expect(changed(undefined, { showDetail: false })).toEqual({
      ...OWNER,
      devices: {},
      settings: { showDetail: false },
    });
  });

  test('that are left out stay, and null takes them back', () => {
    const before = changed(anAccount(), { showDetail: false, locale: 'en' });

    const after = changed(before, { locale: null, pushWhenDesktopOnline: undefined });

    expect(after.settings).toEqual({ showDetail: false });
    expect(changed(after, { showDetail: null })).toEqual(anAccount());
  });

  test.each<[string, AccountSettingsChange['doNotDisturb'], DoNotDisturb | undefined]>([
    [
      'a duration counts from now and leaves the window',
      { durationSeconds: 60 },
      { window: NIGHT, until: NOW + MINUTE_MS },
    ],
    [
      'a new window leaves the time',
      { window: { from: '01:00', to: '02:00' } },
      { window: { from: '01:00', to: '02:00' }, until: NOW + 5 },
    ],
    ['null takes the window back', { window: null }, { until: NOW + 5 }],
    ['null takes the time back', { until: null }, { window: NIGHT }],
    ['so does a duration of null', { durationSeconds: null }, { window: NIGHT }],
    ['nothing left is nothing stored', { window: null, until: null }, undefined],
    ['null takes all of it back', null, undefined],
    ['an empty change changes nothing', {}, { window: NIGHT, until: NOW + 5 }],
  ])('of do-not-disturb: %s', (_name, doNotDisturb, expected) => {
    const before = changed(anAccount(), { doNotDisturb: { window: NIGHT, until: NOW + 5 } });

    expect(changed(before, { doNotDisturb }).settings?.doNotDisturb).toEqual(expected);
  });

  test('survive a login', () => {
    const before = changed(anAccount(), { showDetail: false, blocked: true });

    expect(register(before).change.account).toMatchObject({
      settings: { showDetail: false },
      blocked: true,
    });
  });

  test('an account is blocked until it is unblocked', () => {
    const blocked = changed(anAccount(), { blocked: true });

    expect(blocked).toEqual(anAccount(undefined, { blocked: true }));
    expect(changed(blocked, { locale: 'en' }).blocked).toBe(true);
    expect(changed(blocked, { blocked: false })).toEqual(anAccount());
  });
});

describe("a user's settings of one device", () => {
  test('push is switched off and on, also while logged out', () => {
    const off = changedPhone({ pushEnabled: false }, aDevice(LOGGED_OUT));

    expect(off).toEqual(aDevice({ ...LOGGED_OUT, pushEnabled: false }));
    expect(changedPhone({ pushEnabled: true }, off)).toEqual(aDevice(LOGGED_OUT));
  });

  test('the switch and the settings survive a login', () => {
    const device = aDevice({ pushEnabled: false, settings: { showDetail: false } });

    const after = deviceIn(register(anAccount([device])).change);

    expect(after).toMatchObject({ pushEnabled: false, settings: { showDetail: false } });
  });

  test('locale, time zone and text set are among the facts, and null forgets them', () => {
    const told = changedPhone({ locale: 'en', timeZone: 'Europe/Berlin', textSet: 'short' });

    expect(told.facts).toEqual({
      manufacturer: 'Xiaomi',
      locale: 'en',
      timeZone: 'Europe/Berlin',
      textSet: 'short',
    });
    expect(told.pushEnabled).toBe(true);
    expect(changedPhone({ locale: null, timeZone: null, textSet: null }, told)).toEqual(aDevice());
  });

  test('details and do-not-disturb are its own until null takes them back', () => {
    const quiet = changedPhone({ showDetail: false, doNotDisturb: { window: NIGHT } });

    expect(quiet.settings).toEqual({ showDetail: false, doNotDisturb: { window: NIGHT } });
    expect(changedPhone({ showDetail: null, doNotDisturb: null }, quiet)).toEqual(aDevice());
  });

  test.each([undefined, anAccount()])('an unknown device has none', (account) => {
    expect(changeDevice(account, 'constructor', { pushEnabled: false }, NOW)).toBe(
      'unknown-device',
    );
  });
});
