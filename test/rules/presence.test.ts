import fc from 'fast-check';
import type { Account, Device, NodeHeartbeat, Presence } from '../../lib/model/account';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { classOf } from '../../lib/rules/platform';
import {
  applyPresence,
  clampAt,
  isConnected,
  NODE_SILENCE_MS,
  type PresenceEvent,
} from '../../lib/rules/presence';
import { aDevice, aHeartbeat, anAccount, aPresence, aToken, NOW, OWNER } from '../support/builders';

const KINDS = ['login', 'logout', 'kick', 'foreground', 'background', 'disconnect'] as const;
const LONG_AGO = NOW - 60 * MINUTE_MS;

function anEvent(changes: Partial<PresenceEvent> = {}): PresenceEvent {
  const witness = { kind: 'node', node: 'node-1', epoch: 'epoch-1' } as const;
  return { deviceId: 'phone-1', event: 'foreground', at: NOW, witness, ...changes };
}

function apply(
  account: Account | undefined,
  events: readonly PresenceEvent[],
  settings: Partial<AppSettings> = {},
) {
  const { change, results } = applyPresence(
    account,
    OWNER,
    events,
    { ...DEFAULT_APP_SETTINGS, ...settings },
    NOW,
  );
  return { account: change?.account ?? account, change, results };
}

function deviceAfter(
  device: Device,
  events: readonly PresenceEvent[],
  settings: Partial<AppSettings> = {},
): Device | undefined {
  return apply(anAccount([device]), events, settings).account?.devices[device.deviceId];
}

describe('the time of a fact', () => {
  test.each([
    ['absent means now', undefined, NOW],
    ['the past stays', NOW - 5, NOW - 5],
    ['60 s ahead is a clock that is a little fast', NOW + MINUTE_MS, NOW + MINUTE_MS],
    ['more than 60 s ahead is taken as now', NOW + MINUTE_MS + 1, NOW],
  ])('%s', (_name, at, expected) => {
    expect(clampAt(at, NOW)).toBe(expected);
  });

  test('an event from the future is taken as now', () => {
    const after = deviceAfter(aDevice(), [anEvent({ at: NOW + 2 * MINUTE_MS })]);

    expect(after?.presence.at).toBe(NOW);
  });
});

describe('who vouches for a connection', () => {
  const claim = (changes: Partial<Presence>) => aPresence({ connected: true, ...changes });
  const byNode = (at: number, epoch?: string) =>
    claim({ at, witness: { kind: 'node', node: 'node-1', ...(epoch && { epoch }) } });
  const beat = aHeartbeat({ epoch: 'new', epochSince: NOW - MINUTE_MS, at: NOW - SECOND_MS });
  const silent = aHeartbeat({ at: NOW - NODE_SILENCE_MS });

  test.each<[string, Presence, NodeHeartbeat | undefined, boolean]>([
    ['a device that is not connected has no witness', aPresence(), undefined, false],
    ['a claim without a witness never ends', claim({ at: 0 }), undefined, true],
    ['a lease that runs', claim({ witness: { kind: 'phone', until: NOW + 1 } }), undefined, true],
    ['a lease that ends now', claim({ witness: { kind: 'phone', until: NOW } }), undefined, false],
    ['a node not heard of yet: the claim is its beat', byNode(NOW - 399_999), undefined, true],
    ['a node never heard of', byNode(NOW - NODE_SILENCE_MS), undefined, false],
    ['an old claim, the node of that epoch beats', byNode(LONG_AGO, 'new'), beat, true],
    ['a claim of an epoch that is over', byNode(NOW, 'old'), beat, false],
    ['a claim without epoch, since the node runs', byNode(beat.epochSince), beat, true],
    ['a claim without epoch, before the node ran', byNode(beat.epochSince - 1), beat, false],
    ['a silent node', byNode(LONG_AGO, 'epoch-1'), silent, false],
    ['a silent node with a fresh claim', byNode(NOW - 1, 'epoch-1'), silent, true],
    ['another node beats', byNode(LONG_AGO), { ...beat, node: 'node-2' }, false],
  ])('%s', (_name, presence, heartbeat, expected) => {
    const heartbeats = new Map(heartbeat === undefined ? [] : [[heartbeat.node, heartbeat]]);

    expect(isConnected(presence, heartbeats, NOW)).toBe(expected);
  });
});

describe('what an event does', () => {
  test('a login connects the device in the foreground and is the last login', () => {
    const device = aDevice({ session: { state: 'logged-out', at: LONG_AGO } });

    const { account, results } = apply(anAccount([device]), [anEvent({ event: 'login' })]);

    expect(results).toEqual(['applied']);
    expect(account?.lastDeviceId).toBe('phone-1');
    expect(account?.devices['phone-1']).toMatchObject({
      session: { state: 'logged-in', at: NOW },
      presence: { connected: true, appState: 'foreground', at: NOW },
      tokens: device.tokens,
    });
  });

  test('a login creates an account and a device', () => {
    const { change, results } = apply(undefined, [anEvent({ event: 'login', platform: 'macos' })]);

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
    const { account } = apply(undefined, [anEvent({ event: 'login' })]);

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

  test.each(KINDS)('a %s as old as what is known changes nothing', (event) => {
    const { at } = aDevice().session;

    const { change, results } = apply(anAccount(), [anEvent({ event, at })]);

    expect(change).toBeUndefined();
    expect(results).toEqual(['older']);
  });

  test.each(KINDS.filter((kind) => kind !== 'login'))(
    'a %s of an unknown device is told',
    (event) => {
      const { change, results } = apply(undefined, [anEvent({ event, deviceId: 'constructor' })]);

      expect(change).toBeUndefined();
      expect(results).toEqual(['unknown-device']);
    },
  );

  test('a late login changes nothing after a logout', () => {
    const { account, results } = apply(anAccount(), [
      anEvent({ event: 'logout', at: NOW - 1 }),
      anEvent({ event: 'login', at: NOW - 2 }),
    ]);

    expect(results).toEqual(['applied', 'older']);
    expect(account?.devices['phone-1']?.session.state).toBe('logged-out');
  });

  test('a login that came after a newer report still begins the session', () => {
    const ended = aDevice({ session: { state: 'logged-out', at: LONG_AGO } });

    const { account, results } = apply(anAccount([ended]), [
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

    const { account, results } = apply(anAccount([device]), [
      anEvent({ event: 'foreground' }),
      anEvent({ event: 'background', at: LONG_AGO }),
    ]);

    expect(results).toEqual(['session-ended', 'session-ended']);
    expect(account?.devices['phone-1']?.session).toEqual(device.session);
  });

  test('a late login on another device is not the last login', () => {
    const { account } = apply(anAccount([aDevice()], { lastDeviceId: 'phone-1' }), [
      anEvent({ event: 'login', deviceId: 'phone-2', at: LONG_AGO }),
    ]);

    expect(account?.lastDeviceId).toBe('phone-1');
    expect(account?.devices['phone-2']?.session.state).toBe('logged-in');
  });

  test('no event, no change', () => {
    expect(apply(anAccount(), [])).toMatchObject({ change: undefined, results: [] });
  });
});

describe('how many devices may be logged in', () => {
  const phone = aDevice({ deviceKeyHash: 'hash' });
  const laptop = aDevice({ deviceId: 'laptop', platform: 'windows', tokens: {} });
  const login = anEvent({ event: 'login', deviceId: 'tablet', platform: 'ios' });

  test.each<[AppSettings['multiDevice'], string, string]>([
    ['all', 'logged-in', 'logged-in'],
    ['one-per-type', 'kicked', 'logged-in'],
    ['one', 'kicked', 'kicked'],
  ])('policy %s: an older phone is %s, a laptop %s', (multiDevice, phoneState, laptopState) => {
    const { account } = apply(anAccount([phone, laptop]), [login], { multiDevice });

    expect(account?.devices['phone-1']?.session.state).toBe(phoneState);
    expect(account?.devices['laptop']?.session.state).toBe(laptopState);
    expect(account?.devices['tablet']?.session.state).toBe('logged-in');
  });

  test('a kicked device loses its key', () => {
    const { account } = apply(anAccount([phone]), [login], { multiDevice: 'one' });

    expect(account?.devices['phone-1']).toMatchObject({ session: { state: 'kicked', at: NOW } });
    expect(account?.devices['phone-1']?.deviceKeyHash).toBeUndefined();
  });

  test('of a login that comes late the newer one is left', () => {
    const late = { ...login, at: phone.session.at - 1 };

    const { account } = apply(anAccount([phone], { lastDeviceId: 'phone-1' }), [late], {
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

    const { change, results } = apply(anAccount(ten), [login]);

    expect(change).toBeUndefined();
    expect(results).toEqual(['unknown-device']);
  });

  test('a login takes the room of the longest logged-out device, and its tokens go', () => {
    const gone = aDevice({ deviceId: 'old', session: { state: 'logged-out', at: LONG_AGO } });
    const nine = Array.from({ length: 9 }, (_, index) =>
      aDevice({ deviceId: `d${index}`, tokens: {} }),
    );

    const { account, change } = apply(anAccount([...nine, gone]), [login]);

    expect(Object.keys(account?.devices ?? {})).not.toContain('old');
    expect(change?.releases).toEqual([aToken()]);
    expect(change?.claims).toBeUndefined();
  });
});

describe('for any events', () => {
  const devices = [aDevice(), aDevice({ deviceId: 'phone-2', tokens: {} })];
  const eventsWithDistinctTimes = fc
    .uniqueArray(fc.integer({ min: -300_000, max: 0 }), { minLength: 1, maxLength: 8 })
    .chain((offsets) =>
      fc.tuple(
        ...offsets.map((offset) =>
          fc
            .tuple(fc.constantFrom(...KINDS), fc.constantFrom('phone-1', 'phone-2'))
            .map(([event, deviceId]) => anEvent({ event, deviceId, at: NOW + offset })),
        ),
      ),
    );

  /**
   * What order and repetition cannot change: sessions, and presence but for two things that no decision
   * looks at. A disconnected device keeps the app state it had when the news came, and a device key
   * is void only if the logout did not come too late.
   */
  function essence(account: Account | undefined) {
    return Object.values(account?.devices ?? {}).map(({ deviceId, session, presence }) => {
      const { appState, ...connection } = presence;
      return { deviceId, session, connection, appState: presence.connected ? appState : 'any' };
    });
  }

  test('known devices end in one state, whatever the order and however often each comes', () => {
    const inAnyOrder = eventsWithDistinctTimes.chain((events) =>
      fc.record({
        events: fc.constant(events),
        arriving: fc
          .tuple(
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.shuffledSubarray(events),
          )
          .map(([once, again]) => [...once, ...again]),
      }),
    );
    fc.assert(
      fc.property(inAnyOrder, ({ events, arriving }) => {
        const inOrder = [...events].sort((a, b) => a.at - b.at);
        const together = apply(anAccount(devices), arriving).account;
        const oneByOne = arriving.reduce<Account | undefined>(
          (account, event) => apply(account, [event]).account,
          anAccount(devices),
        );

        const expected = essence(apply(anAccount(devices), inOrder).account);
        expect(essence(together)).toEqual(expected);
        expect(essence(oneByOne)).toEqual(expected);
      }),
    );
  });

  test('there is a result for each, and a change exactly when something changed', () => {
    fc.assert(
      fc.property(eventsWithDistinctTimes, (events) => {
        const before = anAccount(devices);
        const { change, results } = apply(before, events);

        expect(results).toHaveLength(events.length);
        expect(change === undefined).toBe(results.every((result) => result === 'older'));
      }),
      { examples: [[[anEvent({ at: NOW - 300_000 })]]] },
    );
  });

  test.each(['one', 'one-per-type'] as const)(
    'policy %s leaves no two logged in',
    (multiDevice) => {
      const logins = fc.array(
        fc.record({
          event: fc.constantFrom('login', 'logout', 'foreground'),
          deviceId: fc.constantFrom('a', 'b', 'c'),
          at: fc.integer({ min: NOW - 9, max: NOW }),
          platform: fc.constantFrom('android', 'ios', 'web'),
          witness: fc.constant({ kind: 'none' } as const),
        }),
      );
      fc.assert(
        fc.property(logins, (events) => {
          const { account } = apply(undefined, events, { multiDevice });

          const classes = Object.values(account?.devices ?? {})
            .filter(({ session }) => session.state === 'logged-in')
            .map(({ platform }) => (multiDevice === 'one' ? 'any' : classOf(platform)));
          expect(new Set(classes).size).toBe(classes.length);
        }),
      );
    },
  );
});
