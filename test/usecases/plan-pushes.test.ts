import { sha256 } from '../../lib/aws/fingerprint';
import type { ExplicitPresence } from '../../lib/model/message-event';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { decideMessage } from '../../lib/usecases/decide-messages';
import { planPushes } from '../../lib/usecases/plan-pushes';
import { aMessageEvent, anAccount, anApp, NOW } from '../support/builders';

/** The presence that a push carries along when the event states this of bob's phone. */
function carried(stated: Omit<ExplicitPresence, 'deviceId' | 'state'> | undefined) {
  const presence = stated && [{ deviceId: 'phone-1', state: 'disconnected', ...stated } as const];
  const event = aMessageEvent({
    recipients: [{ accountId: 'bob', ...(presence && { presence }) }],
  });
  const situation = {
    app: anApp(),
    accounts: new Map([['bob', anAccount()]]),
    heartbeats: new Map(),
    now: NOW,
  };
  const facts = { situation, abilities: ABILITIES, hash: sha256 };
  return planPushes(decideMessage(event, situation), facts).map((push) => push.presence?.at);
}

test('presence that an event states goes along with its time, or that of the decision', () => {
  expect(carried({ at: NOW - 5_000 })).toEqual([NOW - 5_000]);
  expect(carried({})).toEqual([NOW]);
  expect(carried(undefined)).toEqual([undefined]);
});

test('a time more than a minute ahead counts as now, so that newer presence still wins', () => {
  expect(carried({ at: NOW + 60_000 })).toEqual([NOW + 60_000]);
  expect(carried({ at: NOW + 60_001 })).toEqual([NOW]);
});
