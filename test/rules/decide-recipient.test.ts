import type { Device, Presence } from '../../lib/model/account';
import type { ExplicitPresence } from '../../lib/model/message-event';
import { DAY_MS } from '../../lib/model/time';
import { decideRecipient } from '../../lib/rules/decide';
import { aDevice, aMessageEvent, anApp, aPresence, NOW } from '../support/builders';
import {
  APNS,
  BACKGROUND,
  decide,
  FOREGROUND,
  reasonFor,
  reasonsOf,
  type Scene,
} from '../support/deciding';

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

  test.each<Presence['witness']>([
    { kind: 'phone', until: NOW },
    { kind: 'node', node: 'node-that-is-silent' },
  ])('needs nobody to vouch for it any more: %j', (witness) => {
    const presence = aPresence({ at: NOW - DAY_MS, witness });

    expect(reasonFor({ presence }, says('foreground'))).toBe('foreground');
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
