import { changeDevice } from '../../lib/rules/change-settings';
import { forgetToken, releaseToken, removeToken, setToken } from '../../lib/rules/registration';
import { aDevice, anAccount, aToken, NOW } from '../support/builders';
import { deviceIn, LOGGED_OUT, register, XIAOMI } from '../support/registering';

describe('tokens of a registration', () => {
  test('a new token takes the place of the old one', () => {
    const newer = { vendor: 'xiaomi', token: 'token-2' } as const;

    const { change } = register(anAccount(), { tokens: { 'xiaomi-cert': newer } });

    expect(deviceIn(change).tokens).toEqual({ 'xiaomi-cert': { ...newer, registeredAt: NOW } });
    expect(change.claims).toEqual([{ ...newer, registeredAt: NOW, deviceId: 'phone-1' }]);
    expect(change.releases).toEqual([aToken()]);
  });

  test('an unchanged token is renewed, which moves nothing', () => {
    const { change } = register(anAccount(), { tokens: { 'xiaomi-cert': XIAOMI } });

    expect(deviceIn(change).tokens['xiaomi-cert']?.registeredAt).toBe(NOW);
    expect(change.claims).toBeUndefined();
    expect(change.releases).toBeUndefined();
  });

  test('a reinstalled app takes its token along to its new device id, and the old device goes', () => {
    const { change } = register(anAccount(), {
      deviceId: 'phone-2',
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    expect(Object.keys(change.account.devices)).toEqual(['phone-2']);
    expect(change.claims).toEqual([{ ...XIAOMI, registeredAt: NOW, deviceId: 'phone-2' }]);
    expect(change.releases).toBeUndefined();
  });

  test('a reinstalled app is as quiet as its user had made it', () => {
    const settings = { showDetail: false, doNotDisturb: { until: NOW } };
    const old = aDevice({ pushEnabled: false, settings, badge: { value: 3, since: NOW } });

    const { change } = register(anAccount([old]), {
      deviceId: 'phone-2',
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    const device = deviceIn(change, 'phone-2');
    expect(device).toMatchObject({ pushEnabled: false, settings });
    expect(device.badge).toBeUndefined();
  });

  test('so it is if the token comes after the device, whose own settings win', () => {
    const old = aDevice({ pushEnabled: false, settings: { showDetail: false } });
    const { account } = register(anAccount([old]), { deviceId: 'phone-2' }).change;
    const told = changeDevice(account, 'phone-2', { showDetail: true }, NOW);

    const change = setToken(
      typeof told === 'object' ? told.account : undefined,
      'phone-2',
      'xiaomi-cert',
      XIAOMI,
      NOW,
    );

    expect(deviceIn(change, 'phone-2')).toMatchObject({
      pushEnabled: false,
      settings: { showDetail: true },
    });
    expect(Object.keys((typeof change === 'object' && change.account.devices) || {})).toEqual([
      'phone-2',
    ]);
  });

  test('a device that keeps another token stays, with its settings', () => {
    const fcm = aToken({ vendor: 'fcm', token: 'fcm-1' });
    const old = aDevice({ pushEnabled: false, tokens: { ...aDevice().tokens, 'fcm-cert': fcm } });

    const { change } = register(anAccount([old]), {
      deviceId: 'phone-2',
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    expect(deviceIn(change)).toEqual({ ...old, tokens: { 'fcm-cert': fcm } });
    expect(deviceIn(change, 'phone-2').pushEnabled).toBe(true);
  });

  test('a device that had no token stays', () => {
    const browser = aDevice({ deviceId: 'browser', platform: 'web', tokens: {} });

    const { change } = register(anAccount([browser]), { tokens: { 'xiaomi-cert': XIAOMI } });

    expect(deviceIn(change, 'browser')).toEqual(browser);
  });

  test('a reinstalled app finds room where ten devices are logged in, itself among them', () => {
    const others = Array.from({ length: 9 }, (_, at) =>
      aDevice({ deviceId: `other-${at}`, tokens: {} }),
    );

    const { change } = register(anAccount([aDevice(), ...others]), {
      deviceId: 'phone-2',
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    expect(Object.keys(change.account.devices)).toHaveLength(10);
  });

  test('tokens of two vendors may read the same', () => {
    const fcm = { vendor: 'fcm', token: 'token-1' } as const;

    const { change } = register(anAccount(), { deviceId: 'phone-2', tokens: { 'fcm-cert': fcm } });

    expect(deviceIn(change).tokens).toEqual(aDevice().tokens);
  });
});

describe('one token', () => {
  const newer = { vendor: 'xiaomi', token: 'token-2' } as const;

  test('is set', () => {
    const change = setToken(anAccount(), 'phone-1', 'xiaomi-cert', newer, NOW);

    expect(deviceIn(change).tokens).toEqual({ 'xiaomi-cert': { ...newer, registeredAt: NOW } });
    expect(change).toMatchObject({ releases: [aToken()] });
  });

  test('under a second certificate is one token still', () => {
    const change = setToken(anAccount(), 'phone-1', 'second-cert', XIAOMI, NOW);
    const { account } = typeof change === 'object' ? change : { account: undefined };

    expect(Object.keys(deviceIn(change).tokens)).toEqual(['xiaomi-cert', 'second-cert']);
    expect(removeToken(account, 'phone-1', 'second-cert')?.releases).toBeUndefined();
  });

  test('is taken from another device of the account, which goes if it was the last', () => {
    const account = anAccount([aDevice(), aDevice({ deviceId: 'phone-2', tokens: {} })]);

    const change = setToken(account, 'phone-2', 'xiaomi-cert', XIAOMI, NOW);

    expect(deviceIn(change, 'phone-2').tokens['xiaomi-cert']?.token).toBe('token-1');
    expect(Object.keys((typeof change === 'object' && change.account.devices) || {})).toEqual([
      'phone-2',
    ]);
  });

  test.each([
    ['an account we do not know', undefined, 'unknown-device'],
    ['a device we do not know', anAccount([]), 'unknown-device'],
    ['an ended session', anAccount([aDevice(LOGGED_OUT)]), 'session-ended'],
  ])('is refused for %s', (_name, account, refusal) => {
    expect(setToken(account, 'phone-1', 'xiaomi-cert', newer, NOW)).toBe(refusal);
  });

  test('is removed by its certificate', () => {
    const change = removeToken(anAccount(), 'phone-1', 'xiaomi-cert');

    expect(deviceIn(change).tokens).toEqual({});
    expect(change?.releases).toEqual([aToken()]);
  });

  test.each([
    ['account', undefined, 'phone-1', 'xiaomi-cert'],
    ['device', anAccount(), 'phone-2', 'xiaomi-cert'],
    ['certificate', anAccount(), 'phone-1', 'other'],
  ])('is not there to be removed without its %s', (_name, account, deviceId, certificate) => {
    expect(removeToken(account, deviceId, certificate)).toBeUndefined();
  });

  test('that another account takes over leaves this one', () => {
    const change = releaseToken(anAccount(), 'xiaomi', 'token-1');

    expect(deviceIn(change).tokens).toEqual({});
    expect(releaseToken(change?.account, 'xiaomi', 'token-1')).toBeUndefined();
    expect(releaseToken(undefined, 'xiaomi', 'token-1')).toBeUndefined();
  });
});

describe('a token its vendor calls invalid', () => {
  const { registeredAt } = aToken();

  test('is forgotten', () => {
    const change = forgetToken(anAccount(), 'xiaomi', 'token-1', registeredAt);

    expect(deviceIn(change).tokens).toEqual({});
    expect(change?.releases).toEqual([aToken()]);
  });

  test('is kept when it was renewed during the send', () => {
    expect(forgetToken(anAccount(), 'xiaomi', 'token-1', registeredAt - 1)).toBeUndefined();
  });

  test.each([
    ['another vendor', 'fcm', 'token-1'],
    ['another token', 'xiaomi', 'token-2'],
  ] as const)('is kept when it is of %s', (_name, vendor, token) => {
    expect(forgetToken(anAccount(), vendor, token, NOW)).toBeUndefined();
  });

  test('is nothing to an account we do not know', () => {
    expect(forgetToken(undefined, 'xiaomi', 'token-1', NOW)).toBeUndefined();
  });
});
