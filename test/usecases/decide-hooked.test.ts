import type { HookedConfig } from '../../lib/model/hook';
import type { PushConfig } from '../../lib/model/message-event';
import { decideHooked } from '../../lib/usecases/decide-hooked';
import { aMessageEvent, anApp, NOW } from '../support/builders';

const PAYLOAD = JSON.stringify({
  pushTitle: 'secret',
  hwField: { title: 'secret', click_action: { type: 3 } },
  apsField: { alert: { body: 'secret' }, category: 'IM' },
  room: 'the app’s own',
});
const SITUATION = {
  app: anApp(),
  accounts: new Map(),
  heartbeats: new Map(),
  now: NOW,
};

/** The push properties of a message after the webhook said this of it. */
function hookedConfig(hooked: HookedConfig | undefined, sent: Partial<PushConfig> = {}) {
  const event = aMessageEvent({ pushConfig: { pushPayload: PAYLOAD, ...sent } });
  const message = { sent: event, event, warnings: [], ...(hooked && { hooked }) };
  return decideHooked(message, SITUATION).event.pushConfig;
}

test.each<[string, HookedConfig]>([
  ['the text', { pushContent: '***' }],
  ['the text of those it is forced on', { forcePushContent: '***' }],
])(
  'where the webhook changes %s, no text of the payload is shown in its place',
  (_name, hooked) => {
    const { pushPayload, ...config } = hookedConfig(hooked, { pushContent: 'secret' });

    expect(config).toMatchObject(hooked);
    expect(JSON.parse(pushPayload ?? '')).toEqual({
      hwField: { click_action: { type: 3 } },
      apsField: { category: 'IM' },
      room: 'the app’s own',
    });
  },
);

test.each<[string, HookedConfig | undefined]>([
  ['says nothing', undefined],
  ['repeats the text', { pushContent: 'as sent', forcePushContent: 'forced' }],
  ['leaves the push on', { pushEnabled: true }],
])('where the webhook %s, the payload stays as it came', (_name, hooked) => {
  const sent = { pushContent: 'as sent', forcePushContent: 'forced' };

  expect(hookedConfig(hooked, sent).pushPayload).toBe(PAYLOAD);
});

test('a message without a payload gets none', () => {
  const event = aMessageEvent();
  const hooked = { pushContent: '***' };
  const decided = decideHooked({ sent: event, event, warnings: [], hooked }, SITUATION);

  expect(decided.event.pushConfig).toEqual({ ...event.pushConfig, ...hooked });
});
