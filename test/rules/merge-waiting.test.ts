import fc from 'fast-check';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import type { Push, PushJob, PushTarget } from '../../lib/model/push-job';
import {
  mayMerge,
  mergesIn,
  mergeWaiting,
  textForMany,
  type WaitingPush,
} from '../../lib/rules/merge-waiting';
import { aMessageEvent, aPushJob, aTarget, NOW } from '../support/builders';

interface Changes {
  readonly job?: Partial<PushJob>;
  readonly push?: Partial<Push>;
  readonly target?: Partial<PushTarget>;
  readonly conversationId?: string;
  readonly isChat?: false;
}

/** Message `number` of a conversation, as it waits for bob's phone since ten seconds. */
function aWaiting(number: number, changes: Changes = {}): WaitingPush {
  const job = aPushJob({ queuedAt: NOW - 10_000, ...changes.job });
  const [push] = job.pushes;
  const { conversationId = 'alice', isChat = true } = changes;
  return {
    job,
    push: {
      ...push,
      messageId: `message-${number}`,
      ...(isChat ? { mayMerge: true } : {}),
      subject: { conversationId, sentAt: NOW - 20_000 + number },
      ...changes.push,
    },
    target: aTarget(changes.target),
  };
}

const merged = (waiting: readonly WaitingPush[]) =>
  mergeWaiting(waiting, NOW).map(({ newest, behind }) => ({
    newest: newest.push.messageId,
    behind: behind.map(({ push }) => push.messageId),
  }));

test('what waits for one phone in one conversation is shown as its newest message', () => {
  expect(merged([aWaiting(2), aWaiting(3), aWaiting(1)])).toEqual([
    { newest: 'message-3', behind: ['message-1', 'message-2'] },
  ]);
});

const [push] = aPushJob().pushes;
test.each<[string, Changes]>([
  ['of another conversation', { conversationId: 'carol' }],
  ['for another phone', { target: { deviceId: 'phone-2', token: 'token-2' } }],
  ['to a renewed token', { target: { token: 'token-2' } }],
  ['under another certificate', { job: { certificate: 'other-cert' } }],
  ['of another app', { job: { appKey: 'app-2' } }],
  ['of another class', { push: { notification: { ...push.notification, messageClass: 'vip' } } }],
  ['that counts', { push: { notification: { ...push.notification, badge: { add: 1 } } } }],
  ['that has not waited', { job: { queuedAt: NOW - 5_000 } }],
  ['that takes something back', { push: { withdraws: true } }],
  ['that is no message of a chat', { isChat: false }],
])('a push %s stays by itself', (_what, changes) => {
  expect(merged([aWaiting(1), aWaiting(2, changes)])).toEqual([]);
  expect(merged([aWaiting(1, changes), aWaiting(2)])).toEqual([]);
});

test.each(['mention', 'force'] as const)(
  'a %s may tell of others, but none tells of it',
  (insists) => {
    const insisting = (number: number) => aWaiting(number, { target: { insists } });

    expect(merged([insisting(1), aWaiting(2), aWaiting(3)])).toEqual([
      { newest: 'message-3', behind: ['message-2'] },
    ]);
    expect(merged([aWaiting(1), insisting(2)])).toEqual([
      { newest: 'message-2', behind: ['message-1'] },
    ]);
  },
);

test('a message that comes twice does not stand for itself', () => {
  expect(merged([aWaiting(1), aWaiting(1)])).toEqual([]);
});

test('whatever waits, each message is shown or told of at most once, and by one as new in its own place', () => {
  const aNumber = fc.integer({ min: 1, max: 12 });
  const waiting = fc.uniqueArray(
    fc.record({
      number: aNumber,
      conversationId: fc.constantFrom('alice', 'carol'),
      token: fc.constantFrom('token-1', 'token-2'),
      mentions: fc.boolean(),
      waitedMs: fc.constantFrom(1_000, 10_000),
    }),
    { selector: ({ number, token }) => `${number}/${token}`, maxLength: 20 },
  );
  fc.assert(
    fc.property(waiting, (some) => {
      const all = some.map(({ number, conversationId, token, mentions, waitedMs }) =>
        aWaiting(number, {
          conversationId,
          job: { queuedAt: NOW - waitedMs },
          target: { token, ...(mentions ? { insists: 'mention' } : {}) },
        }),
      );
      const groups = mergeWaiting(all, NOW);
      const shown = groups.map(({ newest }) => newest);
      const toldOf = groups.flatMap(({ behind }) => behind);

      expect(new Set([...shown, ...toldOf]).size).toBe(shown.length + toldOf.length);
      for (const { newest, behind } of groups) {
        for (const one of behind) {
          expect(mergesIn(one, NOW)).toBe(mergesIn(newest, NOW));
          expect(one.push.subject?.sentAt).toBeLessThan(newest.push.subject?.sentAt ?? 0);
          expect(one.target.insists).toBeUndefined();
        }
      }
      const alone = all.filter((one) => !shown.includes(one) && !toldOf.includes(one));
      for (const one of alone.filter(({ target }) => target.insists === undefined)) {
        // nobody newer is there that could have told of it
        const place = mergesIn(one, NOW);
        const others = all.filter((other) => other !== one && mergesIn(other, NOW) === place);
        const isLone = place === undefined || others.every((other) => other.target.insists);
        expect(isLone).toBe(true);
      }
    }),
  );
});

const SETTINGS = { ...DEFAULT_APP_SETTINGS, mergeWaiting: true };
test.each<[string, Partial<MessageEvent>, boolean]>([
  ['a text', {}, true],
  ['a picture', { type: 'image' }, true],
  ['a call', { type: 'call' }, false],
  ['an edited message', { kind: 'modification', replaces: 'message-0' }, false],
  ['a recall', { kind: 'recall', replaces: 'message-0' }, false],
  ['a notification of the app', { kind: 'notification' }, false],
])('%s, event %j, may be merged: %s', (_what, changes, may) => {
  expect(mayMerge(aMessageEvent(changes), SETTINGS)).toBe(may);
});

test('nothing is merged unless the app says so, nor what the app has as a call', () => {
  const call = aMessageEvent({ pushConfig: { messageClass: 'call' } });

  expect(mayMerge(aMessageEvent(), DEFAULT_APP_SETTINGS)).toBe(false);
  expect(mayMerge(call, SETTINGS)).toBe(false);
});

test('what a user writes is no place to put a number into', () => {
  expect(textForMany('[{count}] {text}', 3, '{count} $& {text}')).toBe('[3] {count} $& {text}');
});
