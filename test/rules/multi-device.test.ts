import type { AppSettings } from '../../lib/model/app-settings';
import { aDevice, anAccount, aToken, NOW } from '../support/builders';
import { anEvent, applyEvents, LONG_AGO } from '../support/presence-events';

describe('how many devices may be logged in', () => {
  const phone = aDevice({ deviceKeyHash: 'hash' });
  const laptop = aDevice({ deviceId: 'laptop', platform: 'windows', tokens: {} });
  const login = anEvent({ event: 'login', deviceId: 'tablet', platform: 'ios' });

  test.each<[AppSettings['multiDevice'], string, string]>([
    ['all', 'logged-in', 'logged-in'],
    ['one-per-type', 'kicked', 'logged-in'],
    ['one', 'kicked', 'kicked'],
  ])('policy %s: an older phone is %s, a laptop %s', (multiDevice, phoneState, laptopState) => {
    const { account } = applyEvents(anAccount([phone, laptop]), [login], { multiDevice });

    expect(account?.devices['phone-1']?.session.state).toBe(phoneState);
    expect(account?.devices['laptop']?.session.state).toBe(laptopState);
    expect(account?.devices['tablet']?.session.state).toBe('logged-in');
  });

  test('a kicked device loses its key', () => {
    const { account } = applyEvents(anAccount([phone]), [login], { multiDevice: 'one' });

    expect(account?.devices['phone-1']).toMatchObject({ session: { state: 'kicked', at: NOW } });
    expect(account?.devices['phone-1']?.deviceKeyHash).toBeUndefined();
  });

  test('of a login that comes late the newer one is left', () => {
    const late = { ...login, at: phone.session.at - 1 };

    const { account } = applyEvents(anAccount([phone], { lastDeviceId: 'phone-1' }), [late], {
      multiDevice: 'one',
    });

    expect(account?.devices['phone-1']?.session).toEqual(phone.session);
    expect(account?.devices['tablet']?.session).toEqual({ state: 'kicked', at: phone.session.at });
    expect(account?.lastDeviceId).toBe('phone-1');
  });

  test('a login finds no room beside ten logged-in devices', () => {
    const ten = Array.from({ length: 10 }, (_, index) =>
      aDevice({ deviceId: `d${index}`, tokens: {} }),
    );

    const { change, results } = applyEvents(anAccount(ten), [login]);

    expect(change).toBeUndefined();
    expect(results).toEqual(['unknown-device']);
  });

  test('a login takes the room of the longest logged-out device, and its tokens go', () => {
    const gone = aDevice({ deviceId: 'old', session: { state: 'logged-out', at: LONG_AGO } });
    const nine = Array.from({ length: 9 }, (_, index) =>
      aDevice({ deviceId: `d${index}`, tokens: {} }),
    );

    const { account, change } = applyEvents(anAccount([...nine, gone]), [login]);

    expect(Object.keys(account?.devices ?? {})).not.toContain('old');
    expect(change?.releases).toEqual([aToken()]);
    expect(change?.claims).toBeUndefined();
  });
});
