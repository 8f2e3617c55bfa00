import type { AppSettings } from '../../lib/model/app-settings';
import type { SkipReason } from '../../lib/model/reason';
import { decideAgain, unackedAfterMs } from '../../lib/rules/decide';
import { isSentFor } from '../../lib/rules/rollout';
import {
  aDevice,
  aMessageEvent,
  anAccount,
  anApp,
  aTarget,
  aToken,
  NOW,
} from '../support/builders';
import { BACKGROUND, decide, FOREGROUND, reasonFor } from '../support/deciding';

const asks = (pushIfUnackedMs: number) => ({ event: aMessageEvent({ pushIfUnackedMs }) });
const appAsks = { settings: { pushIfUnackedMs: 5_000 } };

describe('a device that is connected', () => {
  test.each([
    ['in the background is not pushed to by itself', BACKGROUND, {}, 'connected-in-background'],
    ['in the background is if the message asks', BACKGROUND, asks(3_000), 'unacked'],
    ['in the foreground is if the message asks', FOREGROUND, asks(3_000), 'unacked'],
    ['in the background is if the app asks', BACKGROUND, appAsks, 'unacked'],
    ['in the foreground is not if the app asks', FOREGROUND, appAsks, 'foreground'],
    [
      'is not if the message says never, whatever the app asks',
      BACKGROUND,
      { ...appAsks, ...asks(0) },
      'connected-in-background',
    ],
  ] as const)('%s', (_name, presence, scene, reason) => {
    expect(reasonFor({ presence }, scene)).toBe(reason);
  });

  test.each<[string, Parameters<typeof reasonFor>[0], Parameters<typeof reasonFor>[1], string]>([
    ['has no token', { tokens: {} }, {}, 'foreground'],
    ['has no certificate', { tokens: { gone: aToken() } }, {}, 'foreground'],
    ['is switched off', { pushEnabled: false }, {}, 'foreground'],
    ['is muted', {}, { account: { mutes: { alice: 'all' } } }, 'foreground'],
  ])('that %s stays what it is: connected', (_name, device, scene, reason) => {
    expect(reasonFor({ ...device, presence: FOREGROUND }, { ...asks(3_000), ...scene })).toBe(
      reason,
    );
  });

  test('is asked no more about once its time has come, but about all else', () => {
    const again = (unacked: boolean, changes = {}) =>
      decideAgain({
        target: aTarget(unacked ? { unacked: true } : {}),
        certificate: 'xiaomi-cert',
        account: anAccount([aDevice({ presence: FOREGROUND, ...changes })]),
        app: anApp(),
        heartbeats: new Map(),
        now: NOW,
      });

    expect(again(false)).toBe('foreground');
    expect(again(true)).toBe('wanted');
    expect(again(true, { session: { state: 'logged-out', at: NOW } })).toBe('logged-out');
    expect(again(true, { pushEnabled: false })).toBe('push-disabled');
    expect(again(true, { tokens: {} })).toBe('no-token');
  });
});

test.each<[SkipReason, number | undefined, number, number | undefined]>([
  ['foreground', 3_000, 0, 3_000],
  ['foreground', undefined, 5_000, undefined],
  ['connected-in-background', 3_000, 5_000, 3_000],
  ['connected-in-background', undefined, 5_000, 5_000],
  ['connected-in-background', 0, 5_000, undefined],
  ['logged-out', 3_000, 5_000, undefined],
  ['muted', 3_000, 5_000, undefined],
])('skipped as %s, the message says %s, the app %s: %s', (reason, own, ofApp, expected) => {
  const event = aMessageEvent(own === undefined ? {} : { pushIfUnackedMs: own });
  const app = anApp(undefined, { pushIfUnackedMs: ofApp });

  expect(unackedAfterMs(reason, event, { app })).toBe(expected);
});

describe('an app that only watches', () => {
  const decided = (settings: Partial<AppSettings>, accountId = 'bob') =>
    decide({ settings, account: { accountId }, recipient: { accountId } }).devices[0];
  const canary = { mode: 'canary', canaryPercent: 50 } as const;
  const ids = Array.from({ length: 200 }, (_, n) => `user-${n}`);

  test('knows where each push would have gone', () => {
    expect(decided({ mode: 'shadow' })).toEqual({
      push: false,
      deviceId: 'phone-1',
      because: 'shadow',
      chosen: { certificate: 'xiaomi-cert', ...aToken() },
    });
  });

  test('reaches its devices all the same, and gives other reasons before', () => {
    const settings = { mode: 'shadow' } as const;

    expect(decide({ settings }).reachable).toBe(true);
    expect(reasonFor({ tokens: {} }, { settings })).toBe('no-token');
    expect(reasonFor({ presence: FOREGROUND }, { settings })).toBe('foreground');
  });

  test('as a canary sends to its part of the accounts, and watches the others', () => {
    const reasons = ids.map((id) => decided(canary, id)?.because);

    expect(reasons).toEqual(ids.map((id) => (isSentFor(id, canary) ? 'queued' : 'shadow')));
    expect(new Set(reasons)).toEqual(new Set(['queued', 'shadow']));
  });

  test('keeps waiting for acknowledgements to itself', () => {
    const scene = { ...asks(3_000), settings: { mode: 'shadow' } } as const;

    expect(reasonFor({ presence: FOREGROUND }, scene)).toBe('shadow');
  });
});

test('whom the webhook took out gets nothing, and is told so before anything of his own', () => {
  const takenOut = true;

  expect(reasonFor({}, { takenOut })).toBe('hook');
  expect(reasonFor({ session: { state: 'kicked', at: NOW } }, { takenOut })).toBe('hook');
  expect(decide({ takenOut, devices: [] }).reason).toBe('hook');
  expect(decide({ takenOut, event: aMessageEvent({ expiresAt: NOW }) }).devices).toMatchObject([
    { because: 'expired' },
  ]);
});

test.each([
  ['recall', undefined, 'push-not-enabled'],
  ['recall', '', 'push-not-enabled'],
  ['recall', 'gone', 'queued'],
  ['notification', undefined, 'push-not-enabled'],
  ['notification', 'ping', 'queued'],
  ['modification', undefined, 'queued'],
  ['message', undefined, 'queued'],
] as const)('a %s with the text %j: %s', (kind, pushContent, reason) => {
  const pushConfig = pushContent === undefined ? {} : { pushContent };

  expect(reasonFor({}, { event: aMessageEvent({ kind, pushConfig }) })).toBe(reason);
});
