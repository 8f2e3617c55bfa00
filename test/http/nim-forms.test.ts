import fc from 'fast-check';
import { messageBody, toMessageEvent } from '../../lib/http/message-schemas';
import { messageInForm, messageInV2 } from '../../lib/http/nim-forms';
import { parse } from '../../lib/http/parse';
import { type FieldError, Refusal } from '../../lib/model/errors';
import { eventOfNim } from '../../lib/rules/nim-message';
import { teamOf } from '../../lib/rules/team';

const NOW = 1_700_000_000_000;
const TEAM = teamOf('4711', ['bob', 'carol', 'alice'], ['bob']);
const PLAIN = { pushEnabled: true, pushNickEnabled: true, forcePush: false, unreadEnabled: true };

const FORM = {
  messageId: 'm1',
  from: 'bob',
  ope: '0',
  to: 'alice',
  type: '0',
  body: '{"msg":"hi"}',
};
const V2 = {
  conversation_id: 'bob|1|alice',
  message_client_id: 'm1',
  message: { message_type: 0, text: 'hi' },
};
const inForm = (changes: Record<string, string> = {}) =>
  messageInForm(new URLSearchParams({ ...FORM, ...changes }), NOW);
const inV2 = (changes: object = {}) => messageInV2({ ...V2, ...changes }, NOW);

function fieldsOf(act: () => unknown): readonly FieldError[] {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.fields;
    throw error;
  }
  return [];
}

test('the least that V1 and V2 say is the same message', () => {
  const message = {
    messageId: 'm1',
    type: 'text',
    conversationType: 'p2p',
    from: 'bob',
    to: 'alice',
    body: 'hi',
    sentAt: NOW,
    sentAtIsArrival: true,
    pushConfig: PLAIN,
  };

  expect(inForm()).toEqual(message);
  expect(inV2()).toEqual(message);
});

test('a message says itself when it was sent, who writes, and that its receiver is not to see it', () => {
  const message = { sentAt: 7, nick: 'Bob', pushConfig: { ...PLAIN, pushEnabled: false } };

  const noSense = { msgReceiverNoSense: '1', option: '{"push":true}' };
  expect(inForm({ msgTimestamp: '7', fromNick: 'Bob', ...noSense })).toMatchObject(message);
  expect(inV2({ create_time: 7, sender_nick: 'Bob', receiver_no_sense: true })).toMatchObject(
    message,
  );
  expect(inForm({ msgTimestamp: '7' })).not.toHaveProperty('sentAtIsArrival');
  expect(inV2({ create_time: 7 })).not.toHaveProperty('sentAtIsArrival');
});

test('fields that are for the IM server alone are ignored', () => {
  const v2 = { antispam_config: { antispam_enabled: true }, route_config: {} };

  expect(inForm({ antispam: 'true', ext: '{"a":1}', roam: 'false', useYidun: '0' })).toEqual(
    inForm(),
  );
  expect(inV2(v2)).toEqual(inV2());
});

test.each([
  [0, 'text'],
  [1, 'image'],
  [2, 'audio'],
  [3, 'video'],
  [4, 'location'],
  [6, 'file'],
  [10, 'tip'],
  [100, 'custom'],
])('type %i is %s', (code, type) => {
  expect(inForm({ type: String(code) }).type).toBe(type);
  expect(inV2({ message: { message_type: code } }).type).toBe(type);
});

test.each([
  ['0', 'bob|1|alice', 'p2p', 'alice'],
  ['1', 'bob|2|4711', 'team', '4711'],
  ['2', 'bob|3|4711', 'superTeam', '4711'],
])('ope %s is %s', (ope, conversation, conversationType, to) => {
  const expected = { conversationType, from: 'bob', to };

  expect(inForm({ ope, to })).toMatchObject(expected);
  expect(inV2({ conversation_id: conversation })).toMatchObject(expected);
});

test.each<[Record<string, string>, object, object]>([
  [{ pushContent: 'hey' }, { push_config: { push_content: 'hey' } }, { pushContent: 'hey' }],
  [{ pushcontent: 'hey' }, { push_config: { push_content: 'hey' } }, { pushContent: 'hey' }],
  [
    { payload: '{"a":1}' },
    { push_config: { push_payload: '{"a":1}' } },
    { pushPayload: '{"a":1}' },
  ],
  [
    { option: '{"push":false,"needPushNick":false,"badge":false}' },
    {
      push_config: { push_enabled: false, push_nick_enabled: false },
      message_config: { unread_enabled: false, history_enabled: true },
    },
    { pushEnabled: false, pushNickEnabled: false, unreadEnabled: false },
  ],
  [
    { forcePushAll: 'true', forcePushContent: 'now' },
    {
      push_config: {
        push_forcepush_enable: true,
        push_forcepush_all: true,
        push_forcepush_content: 'now',
      },
    },
    { forcePush: true, forcePushContent: 'now' },
  ],
  [
    { forcepushall: 'false', forcepushlist: '["alice"]' },
    { push_config: { push_forcepush_enable: true, push_forcepush_ids: ['alice'] } },
    { forcePush: true, forcePushAccountIds: ['alice'] },
  ],
  [{ forcePushAll: '', forcePushList: '' }, {}, {}],
])('V1 %j says the same as V2 %j', (form, v2, said) => {
  expect(inForm(form).pushConfig).toEqual({ ...PLAIN, ...said });
  expect(inV2(v2).pushConfig).toEqual({ ...PLAIN, ...said });
});

test.each<[string, Record<string, string>, object]>([
  ['no id', { messageId: '' }, { path: 'messageId', message: 'is required' }],
  ['no sender', { from: '' }, { path: 'from', message: 'is required' }],
  ['a chat room', { ope: '3' }, { path: 'ope', message: 'must be 0, 1 or 2' }],
  ['an event of a team', { type: '5' }, { path: 'type' }],
  ['a text without msg', { body: '{}' }, { path: 'body.msg', message: 'is required' }],
  ['a text that is no JSON', { body: 'hi' }, { path: 'body' }],
  ['a switch that is none', { forcePushAll: 'yes' }, { path: 'forcePushAll' }],
  ['too long a text', { pushcontent: 'x'.repeat(501) }, { path: 'pushcontent', code: 414 }],
  ['a payload that is none', { payload: 'x' }, { path: 'payload', code: 414 }],
  [
    'too many forced accounts',
    { forcePushList: JSON.stringify(new Array(101).fill('a')) },
    { path: 'forcePushList', code: 811 },
  ],
  ['an unknown option', { option: '{"pushh":true}' }, { path: 'option.pushh', code: 414 }],
])('a form with %s is refused by the field', (_case, changes, field) => {
  expect(fieldsOf(() => inForm(changes))).toEqual([expect.objectContaining(field)]);
});

test.each<[string, object, object]>([
  ['no id', { message_client_id: undefined }, { path: 'message_client_id' }],
  ['half a conversation', { conversation_id: 'bob|1' }, { path: 'conversation_id' }],
  ['a receiver with a slash', { conversation_id: 'a|1|b/c' }, { path: 'conversation_id' }],
  ['a type as text', { message: { message_type: '0' } }, { path: 'message.message_type' }],
  ['an unknown type', { message: { message_type: 5 } }, { path: 'message.message_type' }],
  [
    'an unknown property',
    { push_config: { push_contnt: 'x' } },
    { path: 'push_config.push_contnt', code: 414 },
  ],
  [
    'too many forced accounts',
    { push_config: { push_forcepush_ids: new Array(101).fill('a') } },
    { path: 'push_config.push_forcepush_ids', code: 107_316 },
  ],
])('a body of V2 with %s is refused by the field', (_case, changes, field) => {
  expect(fieldsOf(() => inV2(changes))).toEqual([expect.objectContaining(field)]);
});

test('a message in V1’s form, in V2’s and in our own is one and the same event', () => {
  const said = fc.record(
    {
      text: fc.string({ maxLength: 20 }),
      nick: fc.string({ minLength: 1, maxLength: 20 }),
      content: fc.string({ minLength: 1, maxLength: 20 }),
      push: fc.boolean(),
      badge: fc.boolean(),
      forced: fc.array(fc.constantFrom('alice', 'carol'), { maxLength: 2 }),
    },
    { requiredKeys: ['text'] },
  );

  fc.assert(
    fc.property(said, fc.boolean(), ({ text, nick, content, push, badge, forced }, isTeam) => {
      const option = {
        ...(push === undefined ? {} : { push }),
        ...(badge === undefined ? {} : { badge }),
      };
      const form = inForm({
        ...{ body: JSON.stringify({ msg: text }), ope: isTeam ? '1' : '0' },
        msgTimestamp: String(NOW),
        to: isTeam ? '4711' : 'alice',
        ...(nick === undefined ? {} : { fromNick: nick }),
        ...(content === undefined ? {} : { pushContent: content }),
        ...(forced === undefined ? {} : { forcePushList: JSON.stringify(forced) }),
        option: JSON.stringify(option),
      });
      const v2 = inV2({
        conversation_id: isTeam ? 'bob|2|4711' : 'bob|1|alice',
        message: { message_type: 0, text },
        create_time: NOW,
        ...(nick === undefined ? {} : { sender_nick: nick }),
        push_config: {
          ...(push === undefined ? {} : { push_enabled: push }),
          ...(content === undefined ? {} : { push_content: content }),
          ...(forced && { push_forcepush_enable: true, push_forcepush_ids: forced }),
        },
        ...(badge === undefined ? {} : { message_config: { unread_enabled: badge } }),
      });
      const own = parse(messageBody, {
        messageId: 'm1',
        type: 'text',
        conversation: isTeam ? { id: '4711', type: 'team' } : { id: 'bob', type: 'p2p' },
        sender: {
          accountId: 'bob',
          ...(nick === undefined ? {} : { nick }),
          ...(isTeam ? { role: 'manager' } : {}),
        },
        recipients: isTeam ? TEAM.members : ['alice'],
        body: text,
        sentAt: NOW,
        pushConfig: {
          ...(push === undefined ? {} : { pushEnabled: push }),
          ...(badge === undefined ? {} : { unreadEnabled: badge }),
          ...(content === undefined ? {} : { pushContent: content }),
          ...(forced && { forcePush: true, forcePushAccountIds: forced }),
        },
      });
      const team = isTeam ? TEAM : undefined;

      const events = [form, v2].map((message) => eventOfNim(message, team, 60));
      expect(events).toEqual([toMessageEvent(own, 60), toMessageEvent(own, 60)]);
    }),
  );
});
