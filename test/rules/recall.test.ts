import fc from 'fast-check';
import { originOf, recallEvent, recallIdOf } from '../../lib/rules/recall';
import { aMessageEvent } from '../support/builders';

/** The recall of a message to bob by its sender, unless said otherwise. */
function recalled(
  event: Parameters<typeof aMessageEvent>[0] = {},
  order: Partial<Parameters<typeof recallEvent>[0]> = {},
) {
  const message = aMessageEvent(event);
  return recallEvent({ messageId: message.messageId, ...order }, originOf(message), ['bob']);
}

const payloadOf = (event: ReturnType<typeof recalled>): unknown =>
  JSON.parse(event.pushConfig.pushPayload ?? '{}');

test('a recall is of the same conversation, class and life as its message, and overwrites it', () => {
  const message = aMessageEvent({ type: 'call', pushConfig: { messageClass: 'vip' } });

  const recall = recallEvent({ messageId: message.messageId }, originOf(message), ['bob']);

  const { type, conversation, sentAt, expiresAt, messageId } = message;
  expect(recall).toMatchObject({
    ...{ type, conversation, sentAt, expiresAt },
    kind: 'recall',
    messageId: recallIdOf(messageId),
    replaces: messageId,
    recipients: [{ accountId: 'bob' }],
    pushConfig: { messageClass: 'vip', unreadEnabled: false },
  });
});

test('that of an edited message overwrites what both were shown as', () => {
  expect(recalled({ kind: 'modification', replaces: 'first' }).replaces).toBe('first');
});

test('the sender recalls unless somebody else is named, who then has a nick of their own', () => {
  expect(recalled().sender).toEqual({ accountId: 'alice', nick: 'Alice' });
  expect(recalled({}, { sender: { accountId: 'alice' } }).sender.nick).toBe('Alice');
  expect(recalled({}, { sender: { accountId: 'alice', nick: 'Ali' } }).sender.nick).toBe('Ali');
  expect(recalled({}, { sender: { accountId: 'admin' } }).sender).toEqual({ accountId: 'admin' });
});

test('of the message’s payload it takes the ids of notifications alone, over those of its own', () => {
  const pushPayload = JSON.stringify({
    pushTitle: 'secret',
    notifyId: 7,
    harmonyField: { notification: { notifyId: 8, title: 'secret' }, category: 'IM' },
    list: [{ notifyId: 9 }],
  });
  const own = JSON.stringify({
    notifyId: 1,
    reason: 'regret',
    harmonyField: { testMessage: true },
  });

  expect(payloadOf(recalled({ pushConfig: { pushPayload } }, { pushPayload: own }))).toEqual({
    notifyId: 7,
    reason: 'regret',
    harmonyField: { notification: { notifyId: 8 }, testMessage: true },
  });
});

test('what is kept for a recall never holds what the message says', () => {
  const says = fc.stringMatching(/^secret-[a-z]{4,12}$/);
  fc.assert(
    fc.property(says, fc.object({ maxDepth: 3 }), (text, custom) => {
      const pushPayload = JSON.stringify({ pushTitle: text, ...custom, own: { deep: text } });
      const kept = originOf(
        aMessageEvent({ body: text, pushConfig: { pushContent: text, pushPayload } }),
      );

      expect(JSON.stringify(kept)).not.toContain(text);
    }),
  );
});
