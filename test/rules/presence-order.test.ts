import fc from 'fast-check';
import type { Account } from '../../lib/model/account';
import { classOf } from '../../lib/rules/platform';
import { aDevice, anAccount, NOW } from '../support/builders';
import { anEvent, applyEvents, EVENT_KINDS } from '../support/presence-events';

describe('for any events', () => {
  const devices = [aDevice(), aDevice({ deviceId: 'phone-2', tokens: {} })];
  const eventsWithDistinctTimes = fc
    .uniqueArray(fc.integer({ min: -300_000, max: 0 }), { minLength: 1, maxLength: 8 })
    .chain((offsets) =>
      fc.tuple(
        ...offsets.map((offset) =>
          fc
            .tuple(fc.constantFrom(...EVENT_KINDS), fc.constantFrom('phone-1', 'phone-2'))
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
        const together = applyEvents(anAccount(devices), arriving).account;
        const oneByOne = arriving.reduce<Account | undefined>(
          (account, event) => applyEvents(account, [event]).account,
          anAccount(devices),
        );

        const expected = essence(applyEvents(anAccount(devices), inOrder).account);
        expect(essence(together)).toEqual(expected);
        expect(essence(oneByOne)).toEqual(expected);
      }),
    );
  });

  test('there is a result for each, and a change exactly when something changed', () => {
    fc.assert(
      fc.property(eventsWithDistinctTimes, (events) => {
        const before = anAccount(devices);
        const { change, results } = applyEvents(before, events);

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
          const { account } = applyEvents(undefined, events, { multiDevice });

          const classes = Object.values(account?.devices ?? {})
            .filter(({ session }) => session.state === 'logged-in')
            .map(({ platform }) => (multiDevice === 'one' ? 'any' : classOf(platform)));
          expect(new Set(classes).size).toBe(classes.length);
        }),
      );
    },
  );
});
