import { notificationBody, toNotificationEvent } from '../../lib/http/notification-schemas';
import { parse } from '../../lib/http/parse';
import { type FieldError, Refusal } from '../../lib/model/errors';

const NOW = Date.now();
const NOTIFICATION = {
  messageId: 'n-1',
  sender: { accountId: 'shop', nick: 'Shop' },
  recipients: ['alice', { accountId: 'bob', blockedSender: true }],
  sentAt: NOW,
};

const eventOf = (changes: object = {}) =>
  toNotificationEvent(parse(notificationBody, { ...NOTIFICATION, ...changes }), 60);

function errorsOf(changes: object): readonly FieldError[] {
  try {
    parse(notificationBody, { ...NOTIFICATION, ...changes });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.fields;
  }
  return [];
}

test('a notification that says no more than it must is one of the sender’s own, and counts on no icon', () => {
  expect(eventOf()).toEqual({
    messageId: 'n-1',
    type: 'custom',
    kind: 'notification',
    sender: { accountId: 'shop', nick: 'Shop' },
    conversation: { id: 'shop', type: 'p2p' },
    recipients: [{ accountId: 'alice' }, { accountId: 'bob', blockedSender: true }],
    sentAt: NOW,
    expiresAt: NOW + 60_000,
    pushConfig: {
      pushEnabled: true,
      pushNickEnabled: true,
      forcePush: false,
      unreadEnabled: false,
    },
  });
});

test('what it says besides is in the event', () => {
  const conversation = { id: 'team-7', type: 'team', name: 'Climbers' };
  const said = { conversation, sound: 'ding.caf', ttlSeconds: 5 };

  expect(eventOf({ ...said, content: '{"do":"sync"}' })).toMatchObject({
    ...said,
    body: '{"do":"sync"}',
    expiresAt: NOW + 5_000,
  });
});

test.each([
  { unreadEnabled: true },
  { needPushBadge: true },
  { option: { badge: true } },
  { message_config: { unread_enabled: true } },
])('it counts on the icon with %j', (pushConfig) => {
  expect(eventOf({ pushConfig }).pushConfig.unreadEnabled).toBe(true);
});

test('a recipient named twice is one', () => {
  expect(eventOf({ recipients: ['alice', 'alice'] }).recipients).toEqual([{ accountId: 'alice' }]);
});

test.each<[object, string, string]>([
  [{ recipients: new Array(5_001).fill('a') }, 'recipients', 'must have at most 5000 entries'],
  [{ recipients: [] }, 'recipients', 'must not be empty'],
  [{ content: 'x'.repeat(4_097) }, 'content', 'must have at most 4096 characters'],
  [{ content: { do: 'sync' } }, 'content', 'must be string'],
  [{ sound: 'x'.repeat(31) }, 'sound', 'must have at most 30 characters'],
  [{ sound: '' }, 'sound', 'must not be empty'],
  [{ sentAt: NOW + 90_000_000 }, 'sentAt', 'must not be more than 24 hours ahead'],
  [{ ttlSeconds: 0 }, 'ttlSeconds', 'must be at least 1'],
  [{ type: 'text' }, 'type', 'is not a known field'],
  [{ sender: { nick: 'Shop' } }, 'sender.accountId', 'is required'],
])('%# is refused by its path', (changes, path, message) => {
  expect(errorsOf(changes)).toEqual([{ path, message }]);
});

test("push properties have NIM's numbers here as well", () => {
  const forcePushAccountIds = new Array(101).fill('a');

  expect(errorsOf({ pushConfig: { forcePushAccountIds } })).toEqual([
    {
      path: 'pushConfig.forcePushAccountIds',
      message: 'must have at most 100 entries',
      code: 107_316,
    },
  ]);
});
