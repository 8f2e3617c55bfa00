import type { Device } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import { DAY_MS } from '../../lib/model/time';
import { aHeartbeat, aPresence, aToken, NOW } from '../support/builders';
import { APNS, BACKGROUND, decide, FOREGROUND, HARMONY, reasonFor } from '../support/deciding';

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
      {
        push: true,
        deviceId: 'phone-1',
        chosen: { certificate: 'xiaomi-cert', ...aToken() },
        because: 'queued',
      },
    ]);
  });
});
