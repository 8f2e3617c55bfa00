import fc from 'fast-check';
import type { Account, Device } from '../../lib/model/account';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { AccountChange } from '../../lib/model/ports';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { MAX_DEVICES } from '../../lib/rules/device-limit';
import { applyPresence } from '../../lib/rules/presence';
import {
  changeDevice,
  forgetToken,
  type Registered,
  type Registration,
  registerDevice,
  releaseToken,
  removeToken,
  setToken,
} from '../../lib/rules/registration';
import { aDevice, anAccount, aPresence, aToken, NOW, OWNER } from '../support/builders';

const LONG_AGO = NOW - 60 * MINUTE_MS;
const XIAOMI = { vendor: 'xiaomi', token: 'token-1' } as const;
const LOGGED_OUT = { session: { state: 'logged-out', at: LONG_AGO } } as const;

function aRegistration(changes: Partial<Registration> = {}): Registration {
  return {
    deviceId: 'phone-1',
    platform: 'android',
    facts: {},
    tokens: {},
    deviceKeyHash: 'new-hash',
    ...changes,
  };
}

function register(
  account: Account | undefined,
  changes: Partial<Registration> = {},
  settings: Partial<AppSettings> = {},
): Registered {
  const result = registerDevice(
    account,
    OWNER,
    aRegistration(changes),
    { ...DEFAULT_APP_SETTINGS, ...settings },
    NOW,
  );
  if ('refused' in result) {
    throw new Error(result.refused);
  }
  return result;
}

function deviceIn(change: AccountChange | string | undefined, deviceId = 'phone-1'): Device {
  const device = typeof change === 'object' ? change.account.devices[deviceId] : undefined;
  if (device === undefined) {
    throw new Error(`no ${deviceId} in ${JSON.stringify(change)}`);
  }
  return device;
}

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

  test('a reinstalled app takes its token along to its new device id', () => {
    const { change } = register(anAccount(), {
      deviceId: 'phone-2',
      tokens: { 'xiaomi-cert': XIAOMI },
    });

    expect(deviceIn(change).tokens).toEqual({});
    expect(change.claims).toEqual([{ ...XIAOMI, registeredAt: NOW, deviceId: 'phone-2' }]);
    expect(change.releases).toBeUndefined();
  });

  test('tokens of two vendors may read the same', () => {
    const fcm = { vendor: 'fcm', token: 'token-1' } as const;

    const { change } = register(anAccount(), { deviceId: 'phone-2', tokens: { 'fcm-cert': fcm } });

    expect(deviceIn(change).tokens).toEqual(aDevice().tokens);
  });
});

describe('at most ten devices', () => {
  const loggedIn = (count: number) =>
    Array.from({ length: count }, (_, index) => aDevice({ deviceId: `d${index}`, tokens: {} }));

  test('an eleventh logged-in device is refused', () => {
    const result = registerDevice(
      anAccount(loggedIn(10)),
      OWNER,
      aRegistration(),
      DEFAULT_APP_SETTINGS,
      NOW,
    );

    expect(result).toEqual({ refused: 'too-many-devices' });
  });

  test('a device that is known is never one too many', () => {
    const { change } = register(anAccount(loggedIn(10)), { deviceId: 'd3' });

    expect(Object.keys(change.account.devices)).toHaveLength(10);
  });

  test('the longest logged-out leaves first and gives its tokens up', () => {
    const out = aDevice({
      deviceId: 'out',
      session: { state: 'logged-out', at: NOW - 2 },
      tokens: {},
    });
    const longer = aDevice({ deviceId: 'longer', session: { state: 'kicked', at: NOW - 3 } });

    const { change } = register(anAccount([...loggedIn(8), out, longer]));

    expect(Object.keys(change.account.devices)).toEqual([
      ...loggedIn(8).map(({ deviceId }) => deviceId),
      'out',
      'phone-1',
    ]);
    expect(change.releases).toEqual([aToken()]);
  });

  test('stale devices are deleted first, logged in or not', () => {
    const stale = aDevice({
      deviceId: 'stale',
      session: { state: 'logged-in', at: NOW - 270 * DAY_MS },
      presence: aPresence({ at: 0 }),
      tokens: { 'xiaomi-cert': aToken({ registeredAt: NOW - 270 * DAY_MS }) },
    });
    const quiet = { ...stale, deviceId: 'quiet', presence: aPresence({ at: LONG_AGO }) };

    const { change } = register(anAccount([stale, { ...quiet, tokens: {} }]));

    expect(Object.keys(change.account.devices)).toEqual(['quiet', 'phone-1']);
    expect(change.releases).toEqual(Object.values(stale.tokens));
  });

  test('a stale device that comes back is what it was', () => {
    const stale = aDevice({
      session: { state: 'logged-in', at: 0 },
      presence: aPresence({ at: 0 }),
      pushEnabled: false,
      tokens: {},
    });

    expect(deviceIn(register(anAccount([stale])).change).pushEnabled).toBe(false);
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

  test('is taken from another device of the account', () => {
    const account = anAccount([aDevice(), aDevice({ deviceId: 'phone-2', tokens: {} })]);

    const change = setToken(account, 'phone-2', 'xiaomi-cert', XIAOMI, NOW);

    expect(deviceIn(change).tokens).toEqual({});
    expect(deviceIn(change, 'phone-2').tokens['xiaomi-cert']?.token).toBe('token-1');
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

describe("a user's settings of one device", () => {
  test('push is switched off and on, also while logged out', () => {
    const off = changeDevice(anAccount([aDevice(LOGGED_OUT)]), 'phone-1', { pushEnabled: false });

    expect(deviceIn(off)).toEqual(aDevice({ ...LOGGED_OUT, pushEnabled: false }));
  });

  test('the switch survives a login', () => {
    const { account } = register(anAccount([aDevice({ pushEnabled: false })])).change;

    expect(account.devices['phone-1']?.pushEnabled).toBe(false);
  });

  test('the locale is one of the facts', () => {
    const change = changeDevice(anAccount(), 'phone-1', { locale: 'en' });

    expect(deviceIn(change).facts).toEqual({ manufacturer: 'Xiaomi', locale: 'en' });
    expect(deviceIn(change).pushEnabled).toBe(true);
  });

  test.each([undefined, anAccount()])('an unknown device has none', (account) => {
    expect(changeDevice(account, 'constructor', { pushEnabled: false })).toBe('unknown-device');
  });
});

describe('for any calls', () => {
  const deviceIds = fc.constantFrom(...Array.from({ length: 13 }, (_, index) => `d${index}`));
  const tokens = fc.record({
    vendor: fc.constantFrom('xiaomi', 'fcm'),
    token: fc.constantFrom('t1', 't2', 't3'),
  });
  const certificates = fc.constantFrom('a', 'b');
  type Call = (account: Account | undefined, now: number) => AccountChange | undefined;
  const call: fc.Arbitrary<Call> = fc.oneof(
    fc.record({ deviceId: deviceIds, tokens: fc.dictionary(certificates, tokens) }).map(
      (registration): Call =>
        (account, now) => {
          const result = registerDevice(
            account,
            OWNER,
            aRegistration(registration),
            DEFAULT_APP_SETTINGS,
            now,
          );
          return 'refused' in result ? undefined : result.change;
        },
    ),
    fc.tuple(deviceIds, certificates, tokens).map(([deviceId, certificate, token]): Call => {
      return (account, now) => {
        const result = setToken(account, deviceId, certificate, token, now);
        return typeof result === 'string' ? undefined : result;
      };
    }),
    fc.tuple(deviceIds, certificates).map(([deviceId, certificate]): Call => {
      return (account) => removeToken(account, deviceId, certificate);
    }),
    tokens.map(
      ({ vendor, token }): Call =>
        (account, now) =>
          forgetToken(account, vendor, token, now),
    ),
    fc
      .tuple(deviceIds, fc.constantFrom('login', 'logout', 'kick'))
      .map(([deviceId, event]): Call => {
        return (account, now) =>
          applyPresence(
            account,
            OWNER,
            [{ deviceId, event, at: now, witness: { kind: 'none' } }],
            DEFAULT_APP_SETTINGS,
            now,
          ).change;
      }),
  );

  function owners(account: Account | undefined): [string, string][] {
    return Object.values(account?.devices ?? {}).flatMap(({ deviceId, tokens: own }) =>
      [...new Set(Object.values(own).map(({ vendor, token }) => `${vendor} ${token}`))].map(
        (key): [string, string] => [key, deviceId],
      ),
    );
  }

  test('a token is on one device, devices are ten at most, and claims and releases tell who owns what', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
        let account: Account | undefined;
        const told = new Map<string, string>();
        for (const [index, change] of calls.map((one, at) => [at, one] as const)) {
          const result = change(account, NOW + index);
          account = result?.account ?? account;
          for (const { vendor, token } of result?.releases ?? []) {
            told.delete(`${vendor} ${token}`);
          }
          for (const { vendor, token, deviceId } of result?.claims ?? []) {
            told.set(`${vendor} ${token}`, deviceId);
          }

          const owned = owners(account);
          expect(new Set(owned.map(([key]) => key)).size).toBe(owned.length);
          expect(told).toEqual(new Map(owned));
          expect(Object.keys(account?.devices ?? {}).length).toBeLessThanOrEqual(MAX_DEVICES);
        }
      }),
    );
  });

  test('forgetting keeps exactly what was registered since the send began', () => {
    const registeredAts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
    fc.assert(
      fc.property(registeredAts, fc.integer({ min: 0, max: 9 }), (times, sendBeganAt) => {
        const account = anAccount([
          aDevice({
            tokens: Object.fromEntries(
              times.map((registeredAt, index) => [`c${index}`, aToken({ registeredAt })]),
            ),
          }),
        ]);

        const after = forgetToken(account, 'xiaomi', 'token-1', sendBeganAt)?.account ?? account;

        const left = Object.values(after.devices['phone-1']?.tokens ?? {});
        expect(left.map(({ registeredAt }) => registeredAt)).toEqual(
          times.filter((registeredAt) => registeredAt > sendBeganAt),
        );
      }),
    );
  });
});
