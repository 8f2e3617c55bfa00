import fc from 'fast-check';
import { type Device, type NodeHeartbeat, PLATFORMS } from '../../lib/model/account';
import type { App, AppSettings } from '../../lib/model/app-settings';
import { type RecipientDecision, reasonOf } from '../../lib/model/decision';
import type { ExplicitPresence, MessageEvent, Recipient } from '../../lib/model/message-event';
import { REASONS } from '../../lib/model/reason';
import { DAY_MS } from '../../lib/model/time';
import {
  DEVICE_CHECKS,
  decideAgain,
  decideRecipient,
  RECIPIENT_CHECKS,
} from '../../lib/rules/decide';
import {
  aCertificateEntry,
  aDevice,
  aHeartbeat,
  aMessageEvent,
  anAccount,
  anApp,
  aPresence,
  aTarget,
  aToken,
  NOW,
} from '../support/builders';

const FOREGROUND = aPresence({ connected: true, appState: 'foreground' });
const BACKGROUND = aPresence({ connected: true, appState: 'background' });
const APNS = { platform: 'ios', tokens: { 'apns-cert': aToken({ vendor: 'apns' }) } } as const;
const HARMONY = {
  platform: 'harmony',
  tokens: { 'harmony-cert': aToken({ vendor: 'harmony' }) },
} as const;
const ALL_CERTIFICATES = (['xiaomi', 'apns', 'harmony'] as const).map((vendor) =>
  aCertificateEntry(vendor),
);

interface Scene {
  readonly event?: MessageEvent;
  readonly recipient?: Omit<Recipient, 'accountId'> & { readonly accountId?: string };
  readonly devices?: readonly Device[];
  readonly settings?: Partial<AppSettings>;
  readonly app?: App;
  readonly heartbeats?: readonly NodeHeartbeat[];
}

function decide(scene: Scene = {}): RecipientDecision {
  return decideRecipient({
    event: scene.event ?? aMessageEvent(),
    recipient: { accountId: 'bob', ...scene.recipient },
    account: anAccount(scene.devices),
    app: scene.app ?? anApp(ALL_CERTIFICATES, scene.settings),
    heartbeats: new Map(scene.heartbeats?.map((beat) => [beat.node, beat])),
    now: NOW,
  });
}

function reasonsOf(decision: RecipientDecision): readonly string[] {
  return decision.devices.map(reasonOf);
}

function reasonFor(changes: Partial<Device>, scene: Scene = {}): string | undefined {
  return reasonsOf(decide({ ...scene, devices: [aDevice(changes)] }))[0];
}

describe('the state of a device', () => {
  test.each<[string, Partial<Device>, string]>([
    ['logged out', { session: { state: 'logged-out', at: NOW } }, 'logged-out'],
    ['kicked', { session: { state: 'kicked', at: NOW } }, 'kicked'],
    ['Android in the foreground', { presence: FOREGROUND }, 'foreground'],
    ['iOS in the foreground', { ...APNS, presence: FOREGROUND }, 'foreground'],
    ['Android connected in the background', { presence: BACKGROUND }, 'connected-in-background'],
    [
      'HarmonyOS connected in the background',
      { ...HARMONY, presence: BACKGROUND },
      'connected-in-background',
    ],
    ['iOS connected in the background', { ...APNS, presence: BACKGROUND }, 'queued'],
    ['Android, reclaimed or closed', {}, 'queued'],
    ['iOS, closed', APNS, 'queued'],
    ['HarmonyOS, closed', HARMONY, 'queued'],
    [
      'network lost in the foreground',
      { presence: aPresence({ appState: 'foreground' }) },
      'queued',
    ],
    [
      'a lease that ran out in the foreground',
      { presence: { ...FOREGROUND, witness: { kind: 'phone', until: NOW } } },
      'queued',
    ],
    ['Windows', { platform: 'windows' }, 'no-push-platform'],
    ['macOS', { platform: 'macos' }, 'no-push-platform'],
    ['Linux', { platform: 'linux' }, 'no-push-platform'],
    ['web', { platform: 'web' }, 'no-push-platform'],
    ['push switched off', { pushEnabled: false }, 'push-disabled'],
    ['no token', { tokens: {} }, 'no-token'],
    ['a deleted certificate', { tokens: { gone: aToken() } }, 'no-certificate'],
  ])('%s', (_name, device, reason) => {
    expect(reasonFor(device)).toBe(reason);
  });

  test.each<[Partial<Device>, AppSettings['pushInBackground'], string]>([
    [{}, { android: true }, 'queued'],
    [HARMONY, { android: true }, 'connected-in-background'],
    [APNS, {}, 'queued'],
    [APNS, { ios: false }, 'connected-in-background'],
  ])(
    'in the background it follows the setting of its platform: %j %j',
    (device, setting, reason) => {
      const settings = { pushInBackground: setting };

      expect(reasonFor({ ...device, presence: BACKGROUND }, { settings })).toBe(reason);
    },
  );

  test('a device unseen for 270 days is stale', () => {
    const long = NOW - 270 * DAY_MS;
    const unseen = {
      session: { state: 'logged-in', at: long },
      presence: { ...FOREGROUND, at: long },
      tokens: { 'xiaomi-cert': aToken({ registeredAt: long }) },
    } as const;

    expect(reasonFor(unseen)).toBe('stale');
    expect(reasonFor(unseen, { settings: { deviceInactiveDays: 271 } })).toBe('foreground');
    expect(
      reasonFor({ ...unseen, tokens: { 'xiaomi-cert': aToken({ registeredAt: long + 1 }) } }),
    ).toBe('foreground');
  });

  test('a node vouches for a connection as long as it beats', () => {
    const presence = {
      ...FOREGROUND,
      at: NOW - DAY_MS,
      witness: { kind: 'node', node: 'node-1' },
    } as const;
    const running = aHeartbeat({ epochSince: NOW - DAY_MS });

    expect(reasonFor({ presence }, { heartbeats: [running] })).toBe('foreground');
    expect(reasonFor({ presence }, { heartbeats: [aHeartbeat()] })).toBe('queued');
  });

  test('a push names the token it goes to', () => {
    expect(decide().devices).toEqual([
      { push: true, deviceId: 'phone-1', chosen: { certificate: 'xiaomi-cert', ...aToken() } },
    ]);
  });
});

describe('what concerns all devices', () => {
  test.each<[string, Scene, string]>([
    ['an expired message', { event: aMessageEvent({ expiresAt: NOW }) }, 'expired'],
    [
      'a message not to be pushed',
      { event: aMessageEvent({ pushConfig: { pushEnabled: false } }) },
      'push-not-enabled',
    ],
    ["the sender's own devices", { recipient: { accountId: 'alice' } }, 'own-device'],
    ['a recipient who blocked the sender', { recipient: { blockedSender: true } }, 'blocked'],
    ['a recipient who did not', { recipient: { blockedSender: false } }, 'queued'],
  ])('%s', (_name, scene, reason) => {
    const devices = [aDevice(), aDevice({ deviceId: 'phone-2' })];

    expect(reasonsOf(decide({ ...scene, devices }))).toEqual([reason, reason]);
  });

  test('an unknown account has no devices', () => {
    const decision = decideRecipient({
      event: aMessageEvent(),
      recipient: { accountId: 'carol', presence: [{ deviceId: 'phone-1', state: 'background' }] },
      account: undefined,
      app: anApp(),
      heartbeats: new Map(),
      now: NOW,
    });

    expect(decision).toEqual({
      accountId: 'carol',
      reachable: false,
      reason: 'unknown-account',
      devices: [],
    });
  });

  test.each<[string, Scene, string]>([
    ['an account without devices', {}, 'never-logged-in'],
    [
      'an account without devices that blocked the sender',
      { recipient: { blockedSender: true } },
      'blocked',
    ],
  ])('%s says why', (_name, scene, reason) => {
    expect(decide({ ...scene, devices: [] })).toEqual({
      accountId: 'bob',
      reachable: false,
      reason,
      devices: [],
    });
  });
});

describe('presence in the event', () => {
  const says = (state: ExplicitPresence['state'], deviceId = 'phone-1') => ({
    recipient: { presence: [{ deviceId, state, at: 0 }] },
  });

  test.each<[ExplicitPresence['state'], Partial<Device>, string]>([
    ['foreground', {}, 'foreground'],
    ['background', {}, 'connected-in-background'],
    ['background', APNS, 'queued'],
    ['disconnected', { presence: FOREGROUND }, 'queued'],
    ['foreground', { session: { state: 'logged-out', at: 0 } }, 'logged-out'],
  ])('%s wins over what is stored', (state, device, reason) => {
    expect(reasonFor(device, says(state))).toBe(reason);
  });

  test('of one device says nothing about another', () => {
    const devices = [aDevice(), aDevice({ deviceId: 'phone-2', presence: FOREGROUND })];

    expect(reasonsOf(decide({ ...says('foreground'), devices }))).toEqual([
      'foreground',
      'foreground',
    ]);
    expect(reasonsOf(decide({ ...says('disconnected'), devices }))).toEqual([
      'queued',
      'foreground',
    ]);
  });

  test('of a device we do not know is decided too, once', () => {
    const presence = [
      { deviceId: 'constructor', state: 'background' },
      { deviceId: 'constructor', state: 'foreground' },
    ] as const;

    expect(decide({ recipient: { presence }, devices: [] })).toEqual({
      accountId: 'bob',
      reachable: false,
      devices: [{ push: false, deviceId: 'constructor', because: 'never-logged-in' }],
    });
    expect(reasonsOf(decide({ recipient: { presence, blockedSender: true } }))).toEqual([
      'blocked',
      'blocked',
    ]);
  });
});

describe('reachable', () => {
  test.each<[string, Partial<Device>, Scene, boolean]>([
    ['with a push on its way', {}, {}, true],
    ['with a token and push switched off', { pushEnabled: false }, {}, true],
    ['with a token, message expired', {}, { event: aMessageEvent({ expiresAt: NOW }) }, true],
    ['with a connected desktop', { platform: 'web', tokens: {}, presence: FOREGROUND }, {}, true],
    ['with a disconnected desktop', { platform: 'web', tokens: {} }, {}, false],
    ['connected without a token', { tokens: {}, presence: BACKGROUND }, {}, true],
    [
      'connected, says the event',
      { tokens: {} },
      { recipient: { presence: [{ deviceId: 'phone-1', state: 'background' }] } },
      true,
    ],
    ['without a token', { tokens: {} }, {}, false],
    ['without a certificate', {}, { app: anApp([]) }, false],
    [
      'logged out with a token',
      { session: { state: 'logged-out', at: NOW }, presence: FOREGROUND },
      {},
      false,
    ],
  ])('%s', (_name, device, scene, reachable) => {
    expect(decide({ ...scene, devices: [aDevice(device)] }).reachable).toBe(reachable);
  });

  test('by one device of two', () => {
    const dead = aDevice({ deviceId: 'phone-2', tokens: {} });

    expect(decide({ devices: [aDevice(), dead] }).reachable).toBe(true);
    expect(decide({ devices: [dead, aDevice()] }).reachable).toBe(true);
  });
});

describe('the order of checks', () => {
  test('is that of the documented reasons', () => {
    const order = [...RECIPIENT_CHECKS, ...DEVICE_CHECKS].map(({ reason }) => reason);

    expect(order).toEqual(REASONS.filter((reason) => order.some((one) => one === reason)));
    expect(REASONS.filter((reason) => !order.some((one) => one === reason))).toEqual([
      'never-logged-in',
      'desktop-online',
      'muted',
      'do-not-disturb',
      'no-token',
      'no-certificate',
      'queued',
    ]);
  });

  test('gives the first reason of all that apply', () => {
    const flags = fc.record({
      expired: fc.boolean(),
      'push-not-enabled': fc.boolean(),
      'own-device': fc.boolean(),
      blocked: fc.boolean(),
      'no-push-platform': fc.boolean(),
      'logged-out': fc.boolean(),
      foreground: fc.boolean(),
      'push-disabled': fc.boolean(),
      'no-token': fc.boolean(),
    });
    fc.assert(
      fc.property(flags, (on) => {
        const reason = reasonFor(
          {
            platform: on['no-push-platform'] ? 'web' : 'android',
            session: { state: on['logged-out'] ? 'logged-out' : 'logged-in', at: NOW },
            presence: on.foreground ? FOREGROUND : aPresence(),
            pushEnabled: !on['push-disabled'],
            ...(on['no-token'] && { tokens: {} }),
          },
          {
            event: aMessageEvent({
              ...(on.expired && { expiresAt: NOW - 1 }),
              pushConfig: { pushEnabled: !on['push-not-enabled'] },
            }),
            recipient: {
              accountId: on['own-device'] ? 'alice' : 'bob',
              blockedSender: on.blocked,
            },
          },
        );

        const applying: Readonly<Record<string, boolean>> = on;
        expect(reason).toBe(REASONS.find((one) => applying[one]) ?? 'queued');
      }),
    );
  });
});

describe('for any devices', () => {
  const states = ['logged-in', 'logged-out', 'kicked'] as const;
  const device = fc
    .record({
      deviceId: fc.constantFrom('a', 'b', 'c', 'd'),
      platform: fc.constantFrom(...PLATFORMS),
      state: fc.constantFrom(...states),
      connected: fc.boolean(),
      appState: fc.constantFrom('foreground', 'background'),
      hasToken: fc.boolean(),
      pushEnabled: fc.boolean(),
    })
    .map(({ state, connected, appState, hasToken, ...rest }) =>
      aDevice({
        ...rest,
        session: { state, at: NOW },
        presence: aPresence({ connected, appState }),
        ...(!hasToken && { tokens: {} }),
      }),
    );
  const scene = fc.record({
    devices: fc.uniqueArray(device, { selector: ({ deviceId }) => deviceId }),
    presence: fc.array(
      fc.record({
        deviceId: fc.constantFrom('a', 'b', 'x', 'y'),
        state: fc.constantFrom('foreground', 'background', 'disconnected'),
      }),
    ),
  });

  test('there is one decision for each, and none goes to a phone that must not get it', () => {
    fc.assert(
      fc.property(scene, ({ devices, presence }) => {
        const decision = decide({ devices, recipient: { presence } });

        const named = new Set([...devices, ...presence].map(({ deviceId }) => deviceId));
        expect(decision.devices.map(({ deviceId }) => deviceId).sort()).toEqual([...named].sort());
        for (const { push, deviceId } of decision.devices.filter((one) => one.push)) {
          const own = devices.find((one) => one.deviceId === deviceId);
          const stated = presence.find((one) => one.deviceId === deviceId)?.state;
          const isForeground =
            stated === undefined
              ? own?.presence.connected && own.presence.appState === 'foreground'
              : stated === 'foreground';
          expect(push).toBe(true);
          expect(own?.session.state).toBe('logged-in');
          expect(isForeground).toBe(false);
          expect(decision.reachable).toBe(true);
        }
        expect(decision.reason).toBe(named.size === 0 ? 'never-logged-in' : undefined);
      }),
    );
  });

  test('what was just decided is decided again the same', () => {
    fc.assert(
      fc.property(scene, ({ devices }) => {
        const app = anApp(ALL_CERTIFICATES);
        for (const decision of decide({ devices, app }).devices) {
          const again = decideAgain({
            target: aTarget({ deviceId: decision.deviceId }),
            certificate: 'xiaomi-cert',
            account: anAccount(devices),
            app,
            heartbeats: new Map(),
            now: NOW,
          });
          // a platform with another channel than the one the target names has no token there
          const once = decision.push ? 'wanted' : decision.because;
          expect(once === 'no-token' || again === once).toBe(true);
        }
      }),
    );
  });
});

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
});
