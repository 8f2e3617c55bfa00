import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { DAY_MS } from '../../lib/model/time';
import { registerDevice } from '../../lib/rules/registration';
import { aDevice, anAccount, aPresence, aToken, NOW, OWNER } from '../support/builders';
import { aRegistration, deviceIn, LONG_AGO, register } from '../support/registering';

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
