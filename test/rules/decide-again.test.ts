import type { Device } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import type { ExplicitPresence } from '../../lib/model/message-event';
import { decideAgain } from '../../lib/rules/decide';
import { aDevice, anAccount, anApp, aTarget, aToken, NOW } from '../support/builders';
import { BACKGROUND, FOREGROUND } from '../support/deciding';

describe('a target that has waited', () => {
  const again = (changes: Partial<Parameters<typeof decideAgain>[0]> = {}) =>
    decideAgain({
      target: aTarget(),
      certificate: 'xiaomi-cert',
      account: anAccount(),
      app: anApp(),
      heartbeats: new Map(),
      now: NOW,
      ...changes,
    });
  const withDevice = (changes: Partial<Device>) =>
    again({ account: anAccount([aDevice(changes)]) });

  test('is still wanted', () => {
    expect(again()).toBe('wanted');
  });

  test.each([
    ['the account is gone', again({ account: undefined }), 'unknown-account'],
    ['the device is gone', again({ account: anAccount([]) }), 'never-logged-in'],
    ['it logged out', withDevice({ session: { state: 'logged-out', at: NOW } }), 'logged-out'],
    ['it was kicked', withDevice({ session: { state: 'kicked', at: NOW } }), 'kicked'],
    ['it is in the foreground', withDevice({ presence: FOREGROUND }), 'foreground'],
    ['it is connected', withDevice({ presence: BACKGROUND }), 'connected-in-background'],
    ['push was switched off', withDevice({ pushEnabled: false }), 'push-disabled'],
    [
      'the token is another',
      withDevice({ tokens: { 'xiaomi-cert': aToken({ token: 'new' }) } }),
      'no-token',
    ],
    ['the token moved away', withDevice({ tokens: {} }), 'no-token'],
    ['the certificate is gone', again({ app: anApp([]) }), 'no-certificate'],
  ])('is not wanted when %s', (_name, decision, reason) => {
    expect(decision).toBe(reason);
  });

  test('is wanted under its certificate, even if another channel is preferred by now', () => {
    const tokens = {
      'xiaomi-cert': aToken(),
      'fcm-cert': aToken({ vendor: 'fcm', registeredAt: NOW }),
    };
    const facts = { brand: 'samsung', googleServices: true };

    expect(withDevice({ tokens, facts })).toBe('wanted');
  });

  test.each<[string, ExplicitPresence, string]>([
    [
      'older than what is stored',
      { deviceId: 'phone-1', state: 'disconnected', at: FOREGROUND.at - 1 },
      'foreground',
    ],
    [
      'as old as what is stored',
      { deviceId: 'phone-1', state: 'disconnected', at: FOREGROUND.at },
      'wanted',
    ],
    ['newer', { deviceId: 'phone-1', state: 'disconnected', at: NOW }, 'wanted'],
    ['without a time', { deviceId: 'phone-1', state: 'disconnected' }, 'wanted'],
  ])("the event's presence, %s", (_name, presence, expected) => {
    const account = anAccount([aDevice({ presence: FOREGROUND })]);

    expect(again({ account, target: aTarget({ presence }) })).toBe(expected);
  });

  describe('of a user who wants none while a desktop is connected', () => {
    const DESKTOP = aDevice({ deviceId: 'web-1', platform: 'web', presence: FOREGROUND });
    const account = anAccount([aDevice(), DESKTOP], { settings: { pushWhenDesktopOnline: false } });
    const stated = (changes: Partial<ExplicitPresence> = {}) => {
      const desktop = { deviceId: 'web-1', state: 'disconnected', at: NOW, ...changes } as const;
      return again({ account, target: aTarget({ desktops: [desktop] }) });
    };

    test.each<[string, string, string]>([
      ['none is stated', again({ account }), 'desktop-online'],
      ['the event said that it is gone', stated(), 'wanted'],
      ['it was connected after that', stated({ at: FOREGROUND.at - 1 }), 'desktop-online'],
      ['the event said that it is connected', stated({ state: 'background' }), 'desktop-online'],
    ])('%s: %s', (_name, decision, reason) => {
      expect(decision).toBe(reason);
    });
  });

  describe('in an app that only watches by now', () => {
    const watching = (settings: Partial<AppSettings>, changes: Partial<Device> = {}) =>
      again({ app: anApp(undefined, settings), account: anAccount([aDevice(changes)]) });

    test('is not wanted, though nothing else speaks against it', () => {
      expect(watching({ mode: 'shadow' })).toBe('shadow');
      expect(watching({ mode: 'shadow' }, { pushEnabled: false })).toBe('push-disabled');
      expect(watching({ mode: 'shadow' }, { tokens: {} })).toBe('no-token');
    });

    test('is wanted where its account is in the canary', () => {
      expect(watching({ mode: 'canary', canaryPercent: 0 })).toBe('shadow');
      expect(watching({ mode: 'canary', canaryPercent: 100 })).toBe('wanted');
    });
  });
});
