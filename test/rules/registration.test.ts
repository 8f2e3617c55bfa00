import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { applyPresence } from '../../lib/rules/presence';
import { aDevice, anAccount, aPresence, NOW, OWNER } from '../support/builders';
import { deviceIn, LOGGED_OUT, register, XIAOMI } from '../support/registering';

describe('registering', () => {
  test('a new device is logged in and not connected', () => {
    const registered = register(undefined, {
      facts: { manufacturer: 'Xiaomi' },
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    expect(registered).toEqual({
      hadToken: false,
      change: {
        account: {
          ...OWNER,
          lastDeviceId: 'phone-1',
          devices: {
            'phone-1': {
              deviceId: 'phone-1',
              platform: 'android',
              facts: { manufacturer: 'Xiaomi' },
              autoSelectPushType: false,
              session: { state: 'logged-in', at: NOW },
              presence: aPresence({ at: 0 }),
              pushEnabled: true,
              tokens: { 'xiaomi-cert': { ...XIAOMI, registeredAt: NOW } },
              deviceKeyHash: 'new-hash',
            },
          },
        },
        claims: [{ ...XIAOMI, registeredAt: NOW, deviceId: 'phone-1' }],
      },
    });
  });

  test('the connection of a moment before still comes in time', () => {
    const { account } = register(undefined).change;
    const login = {
      deviceId: 'phone-1',
      event: 'login',
      at: NOW - 1_000,
      witness: { kind: 'none' },
    } as const;

    const { change } = applyPresence(account, OWNER, [login], DEFAULT_APP_SETTINGS, NOW);

    expect(deviceIn(change).presence).toMatchObject({ connected: true, appState: 'foreground' });
  });

  test('what the call leaves out is kept', () => {
    const known = aDevice({
      facts: { manufacturer: 'Xiaomi', locale: 'zh-CN' },
      autoSelectPushType: true,
      pushEnabled: false,
    });

    const device = deviceIn(register(anAccount([known]), { facts: { locale: 'en' } }).change);

    expect(device).toMatchObject({
      facts: { manufacturer: 'Xiaomi', locale: 'en' },
      autoSelectPushType: true,
      pushEnabled: false,
      tokens: known.tokens,
    });
  });

  test('what the call says wins', () => {
    const known = aDevice({ autoSelectPushType: true });

    const { change } = register(anAccount([known]), {
      autoSelectPushType: false,
      platform: 'harmony',
    });

    expect(deviceIn(change)).toMatchObject({ autoSelectPushType: false, platform: 'harmony' });
  });

  test('a running session keeps its presence', () => {
    const presence = aPresence({ connected: true, appState: 'foreground' });

    const device = deviceIn(register(anAccount([aDevice({ presence })])).change);

    expect(device.presence).toEqual(presence);
    expect(device.session).toEqual({ state: 'logged-in', at: NOW });
  });

  test('an ended session begins anew, not connected', () => {
    const presence = aPresence({ connected: true, appState: 'foreground' });

    const device = deviceIn(register(anAccount([aDevice({ ...LOGGED_OUT, presence })])).change);

    expect(device.presence).toEqual(aPresence());
    expect(device.session).toEqual({ state: 'logged-in', at: NOW });
  });

  test('a repeat of a kick whose clock is fast does not end the new session', () => {
    const kick = {
      deviceId: 'phone-1',
      event: 'kick',
      at: NOW + 30_000,
      witness: { kind: 'none' },
    } as const;
    const kicked = applyPresence(anAccount(), OWNER, [kick], DEFAULT_APP_SETTINGS, NOW).change;

    const { change } = register(kicked?.account);
    const again = applyPresence(change.account, OWNER, [kick], DEFAULT_APP_SETTINGS, NOW + 1);

    expect(again).toEqual({ change: undefined, results: ['older'] });
  });

  test.each([
    ['any device had a token', anAccount([aDevice(LOGGED_OUT)]), true],
    ['no device had a token', anAccount([aDevice({ tokens: {} })]), false],
  ])('it says whether %s', (_name, account, hadToken) => {
    expect(register(account, { deviceId: 'phone-2' }).hadToken).toBe(hadToken);
  });

  test('it says which device logged in last before', () => {
    const account = anAccount([aDevice()], { lastDeviceId: 'phone-1' });

    const { change, lastDeviceId } = register(account, { deviceId: 'phone-2' });

    expect(lastDeviceId).toBe('phone-1');
    expect(change.account.lastDeviceId).toBe('phone-2');
  });

  test('a device id that every object inherits is a device like any other', () => {
    const { change } = register(anAccount(), { deviceId: '__proto__', facts: { model: 'M' } });
    const { account } = register(change.account, { deviceId: '__proto__' }).change;

    expect(Object.keys(account.devices)).toEqual(['phone-1', '__proto__']);
    expect(Object.entries(account.devices)[1]?.[1].facts).toEqual({ model: 'M' });
  });

  test.each<[AppSettings['multiDevice'], string, string]>([
    ['all', 'logged-in', 'logged-in'],
    ['one-per-type', 'kicked', 'logged-in'],
    ['one', 'kicked', 'kicked'],
  ])('policy %s: an older phone is %s, a browser %s', (multiDevice, phone, browser) => {
    const fast = { state: 'logged-in', at: NOW + 30_000 } as const;
    const account = anAccount([
      aDevice({ session: fast }),
      aDevice({ deviceId: 'browser', platform: 'web', tokens: {} }),
    ]);

    const { change } = register(account, { deviceId: 'phone-2' }, { multiDevice });

    expect(deviceIn(change).session.state).toBe(phone);
    expect(deviceIn(change, 'browser').session.state).toBe(browser);
    expect(deviceIn(change, 'phone-2').session.state).toBe('logged-in');
  });
});
