import fc from 'fast-check';
import type { Account } from '../../lib/model/account';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { AccountChange } from '../../lib/model/ports';
import { MAX_DEVICES } from '../../lib/rules/device-limit';
import { applyPresence } from '../../lib/rules/presence';
import { forgetToken, registerDevice, removeToken, setToken } from '../../lib/rules/registration';
import { aDevice, anAccount, aToken, NOW, OWNER } from '../support/builders';
import { aRegistration } from '../support/registering';

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
