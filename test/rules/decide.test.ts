import fc from 'fast-check';
import { PLATFORMS } from '../../lib/model/account';
import { REASONS } from '../../lib/model/reason';
import { decideAgain, RECIPIENT_CHECKS } from '../../lib/rules/decide';
import { DEVICE_CHECKS } from '../../lib/rules/device-checks';
import {
  aDevice,
  aMessageEvent,
  anAccount,
  anApp,
  aPresence,
  aTarget,
  NOW,
} from '../support/builders';
import { ALL_CERTIFICATES, decide, FOREGROUND, reasonFor } from '../support/deciding';

describe('the order of checks', () => {
  test('is that of the documented reasons', () => {
    const order = [...RECIPIENT_CHECKS, ...DEVICE_CHECKS].map(({ reason }) => reason);

    expect(order).toEqual(REASONS.filter((reason) => order.some((one) => one === reason)));
    expect(REASONS.filter((reason) => !order.some((one) => one === reason))).toEqual([
      'recalled',
      'never-logged-in',
      'no-token',
      'no-certificate',
      'shadow',
      'queued',
      'unacked',
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
