import type { PrePushHook } from '../../lib/model/app-settings';
import type { HookChange, HookClient } from '../../lib/model/hook';
import type { MessageEvent } from '../../lib/model/message-event';
import type { Telemetry } from '../../lib/model/ports';
import { askHook } from '../../lib/usecases/ask-hook';
import { aMessageEvent, anApp } from '../support/builders';

const event = aMessageEvent({
  recipients: [{ accountId: 'bob' }, { accountId: 'carol' }],
  pushConfig: { pushContent: 'as sent', forcePushContent: 'forced as sent' },
});
const HOOK: PrePushHook = { url: 'https://hook.example.com/', onFailure: 'send' };

/** What becomes of the messages, and what was asked and told. */
async function asking(
  answer: Awaited<ReturnType<HookClient['ask']>>,
  {
    hook = HOOK,
    events = [event],
  }: { readonly hook?: PrePushHook; readonly events?: readonly MessageEvent[] } = {},
) {
  const asked: unknown[] = [];
  const told: unknown[] = [];
  const telemetry: Telemetry = {
    count: (...counted) => told.push(counted),
    log: (...logged) => told.push(logged),
  };
  const client: HookClient = {
    ask: async (...args) => {
      asked.push(args);
      return answer;
    },
  };
  const messages = events.map((one) => ({ sent: one, event: one, warnings: ['a warning'] }));
  const hooked = await askHook(messages, anApp(undefined, { hook }), { hook: client, telemetry });
  return { asked, told, messages, hooked };
}

const answered = (...changes: readonly HookChange[]) => ({ kind: 'answered', changes }) as const;
const failed = { kind: 'failed', code: 'timeout' } as const;

test('an app without a webhook is not asked', async () => {
  const messages = [{ sent: event, event, warnings: [] }];
  const nobody: HookClient = { ask: () => Promise.reject(new Error('asked')) };
  const telemetry: Telemetry = { count() {}, log() {} };

  expect(await askHook(messages, anApp(), { hook: nobody, telemetry })).toBe(messages);
});

test('the webhook is asked once for all messages of a call', async () => {
  const events = [event, aMessageEvent({ messageId: 'message-2' })];
  const { asked, messages, hooked } = await asking(answered(), { events });

  expect(asked).toEqual([['app-1', HOOK, events]]);
  expect(hooked).toEqual(messages);
});

test('it changes texts; what it does not name stays as it was', async () => {
  const changes = {
    messageId: event.messageId,
    pushContent: 'better',
    forcePushContent: undefined,
  };
  const { hooked, messages } = await asking(answered(changes));

  expect(hooked).toEqual([{ ...messages[0], hooked: { pushContent: 'better' } }]);
});

test('it switches the push of a message off', async () => {
  const { hooked } = await asking(answered({ messageId: event.messageId, pushEnabled: false }));

  expect(hooked[0]?.hooked).toEqual({ pushEnabled: false });
});

test.each([
  ['some', ['carol'], ['bob']],
  ['all', [], ['bob', 'carol']],
  ['none', ['carol', 'bob'], []],
  ['none, for it can add nobody', ['bob', 'carol', 'mallory'], []],
])('it takes recipients out: %s', async (_name, recipients, takenOut) => {
  const { hooked } = await asking(answered({ messageId: event.messageId, recipients }));

  expect([...(hooked[0]?.takenOut ?? ['nobody asked'])]).toEqual(takenOut);
  expect(hooked[0]?.event.recipients).toEqual(event.recipients);
});

test('each message of a call is changed as said of it, and no other', async () => {
  const events = ['one', 'two', 'three'].map((messageId) => aMessageEvent({ messageId }));
  const { hooked } = await asking(
    answered(
      { messageId: 'three', pushContent: 'third' },
      { messageId: 'one', recipients: [] },
      { messageId: 'unknown', pushContent: 'nobody’s' },
    ),
    { events },
  );

  expect(hooked.map(({ hooked: changed, takenOut }) => [changed?.pushContent, takenOut])).toEqual([
    [undefined, new Set(['bob'])],
    [undefined, undefined],
    ['third', undefined],
  ]);
});

describe('a webhook that fails', () => {
  test('lets messages go as they came where the app says send', async () => {
    const { hooked, messages } = await asking(failed);

    expect(hooked).toEqual(messages);
  });

  test('lets nobody have them where the app says drop', async () => {
    const { hooked, messages } = await asking(failed, { hook: { ...HOOK, onFailure: 'drop' } });

    expect(hooked).toEqual([{ ...messages[0], takenOut: new Set(['bob', 'carol']) }]);
  });

  test('is counted, and logged without its address', async () => {
    const { told } = await asking(failed);

    expect(told).toEqual([
      ['HookFailures', 1, { onFailure: 'send' }],
      ['warn', 'webhook failed', { appKey: 'app-1', code: 'timeout' }],
    ]);
    expect((await asking(answered())).told).toEqual([]);
  });
});
