import { aDevice, anAccount, aPresence, NOW, OWNER } from '../support/builders';
import {
  anEvent,
  applyEvents,
  deviceAfter,
  EVENT_KINDS,
  LONG_AGO,
} from '../support/presence-events';

describe('what an event does', () => {
  test('a login connects the device in the foreground and is the last login', () => {
    const device = aDevice({ session: { state: 'logged-out', at: LONG_AGO } });

    const { account, results } = applyEvents(anAccount([device]), [anEvent({ event: 'login' })]);

    expect(results).toEqual(['applied']);
    expect(account?.lastDeviceId).toBe('phone-1');
    expect(account?.devices['phone-1']).toMatchObject({
      session: { state: 'logged-in', at: NOW },
      presence: { connected: true, appState: 'foreground', at: NOW },
      tokens: device.tokens,
    });
  });

  test('a login creates an account and a device', () => {
    const { change, results } = applyEvents(undefined, [
      anEvent({ event: 'login', platform: 'macos' }),
    ]);

    expect(results).toEqual(['applied']);
    expect(change).toEqual({
      account: {
        ...OWNER,
        lastDeviceId: 'phone-1',
        devices: {
          'phone-1': {
            deviceId: 'phone-1',
            platform: 'macos',
            facts: {},
            autoSelectPushType: false,
            session: { state: 'logged-in', at: NOW },
            presence: {
              connected: true,
              appState: 'foreground',
              at: NOW,
              witness: { kind: 'node', node: 'node-1', epoch: 'epoch-1' },
            },
            pushEnabled: true,
            tokens: {},
          },
        },
      },
    });
  });

  test('a device a login creates is an Android phone unless it says otherwise', () => {
    const { account } = applyEvents(undefined, [anEvent({ event: 'login' })]);

    expect(account?.devices['phone-1']?.platform).toBe('android');
  });

  test.each([
    ['logout', 'logged-out'],
    ['kick', 'kicked'],
  ] as const)(
    'a %s ends the session, the connection and the device key; tokens stay',
    (event, state) => {
      const device = aDevice({ deviceKeyHash: 'hash', presence: aPresence({ connected: true }) });

      const after = deviceAfter(device, [anEvent({ event })]);

      expect(after?.session).toEqual({ state, at: NOW });
      expect(after?.presence).toEqual(aPresence({ at: NOW }));
      expect(after?.deviceKeyHash).toBeUndefined();
      expect(after?.tokens).toEqual(device.tokens);
    },
  );

  test('a lost connection keeps the app state: foreground then means network lost', () => {
    const after = deviceAfter(
      aDevice({ presence: aPresence({ connected: true, appState: 'foreground' }) }),
      [anEvent({ event: 'disconnect' })],
    );

    expect(after?.presence).toEqual(aPresence({ appState: 'foreground', at: NOW }));
    expect(after?.session.state).toBe('logged-in');
  });

  test('a report of the same state renews the lease', () => {
    const presence = aPresence({ connected: true, witness: { kind: 'phone', until: NOW } });
    const witness = { kind: 'phone', until: NOW + 400_000 } as const;

    const after = deviceAfter(aDevice({ presence }), [anEvent({ event: 'background', witness })]);

    expect(after?.presence).toEqual({ connected: true, appState: 'background', at: NOW, witness });
  });

  test.each(EVENT_KINDS)('a %s as old as what is known changes nothing', (event) => {
    const { at } = aDevice().session;

    const { change, results } = applyEvents(anAccount(), [anEvent({ event, at })]);

    expect(change).toBeUndefined();
    expect(results).toEqual(['older']);
  });

  test.each(EVENT_KINDS.filter((kind) => kind !== 'login'))(
    'a %s of an unknown device is told',
    (event) => {
      const { change, results } = applyEvents(undefined, [
        anEvent({ event, deviceId: 'constructor' }),
      ]);

      expect(change).toBeUndefined();
      expect(results).toEqual(['unknown-device']);
    },
  );

  test('a late login changes nothing after a logout', () => {
    const { account, results } = applyEvents(anAccount(), [
      anEvent({ event: 'logout', at: NOW - 1 }),
      anEvent({ event: 'login', at: NOW - 2 }),
    ]);

    expect(results).toEqual(['applied', 'older']);
    expect(account?.devices['phone-1']?.session.state).toBe('logged-out');
  });

  test('a login that came after a newer report still begins the session', () => {
    const ended = aDevice({ session: { state: 'logged-out', at: LONG_AGO } });

    const { account, results } = applyEvents(anAccount([ended]), [
      anEvent({ event: 'disconnect', at: NOW - 1 }),
      anEvent({ event: 'login', at: NOW - 2 }),
    ]);

    expect(results).toEqual(['session-ended', 'applied']);
    expect(account?.devices['phone-1']).toMatchObject({
      session: { state: 'logged-in', at: NOW - 2 },
      presence: { connected: false, at: NOW - 1 },
    });
  });

  test('a connection told of after the phone registered still counts', () => {
    const registered = aDevice({ session: { state: 'logged-in', at: NOW } });

    const after = deviceAfter(registered, [anEvent({ event: 'login', at: NOW - 1 })]);

    expect(after?.session.at).toBe(NOW);
    expect(after?.presence).toMatchObject({ connected: true, appState: 'foreground', at: NOW - 1 });
  });

  test('presence never changes an ended session', () => {
    const device = aDevice({ session: { state: 'kicked', at: LONG_AGO } });

    const { account, results } = applyEvents(anAccount([device]), [
      anEvent({ event: 'foreground' }),
      anEvent({ event: 'background', at: LONG_AGO }),
    ]);

    expect(results).toEqual(['session-ended', 'session-ended']);
    expect(account?.devices['phone-1']?.session).toEqual(device.session);
  });

  test('a late login on another device is not the last login', () => {
    const { account } = applyEvents(anAccount([aDevice()], { lastDeviceId: 'phone-1' }), [
      anEvent({ event: 'login', deviceId: 'phone-2', at: LONG_AGO }),
    ]);

    expect(account?.lastDeviceId).toBe('phone-1');
    expect(account?.devices['phone-2']?.session.state).toBe('logged-in');
  });

  test('no event, no change', () => {
    expect(applyEvents(anAccount(), [])).toMatchObject({ change: undefined, results: [] });
  });
});

test('what is said without a time is newer than a fact whose clock was ahead', () => {
  const ahead = NOW + 50_000;
  const { account } = applyEvents(anAccount(), [anEvent({ event: 'login', at: ahead })]);

  const late = applyEvents(account, [anEvent({ event: 'logout' })]);
  const now = applyEvents(account, [anEvent({ event: 'logout', isNow: true })]);
  const closed = applyEvents(account, [anEvent({ event: 'disconnect', isNow: true })]);

  expect(late.results).toEqual(['older']);
  expect(now.account?.devices['phone-1']?.session).toEqual({ state: 'logged-out', at: ahead + 1 });
  expect(closed.account?.devices['phone-1']?.presence.connected).toBe(false);
});
