import { messageBody, messageListBody } from '../../lib/http/message-schemas';
import { parse } from '../../lib/http/parse';
import { problemOf } from '../../lib/http/problem';
import { type FieldError, Refusal } from '../../lib/model/errors';
import { aMessage } from '../support/service';

/** Everything a message with these push properties is told to be wrong about. */
function fieldsOf(pushConfig: unknown): readonly FieldError[] {
  try {
    parse(messageBody, aMessage(['alice'], { pushConfig }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.fields;
  }
  return [];
}

const tooMany = new Array(101).fill('a');

test.each<[object, string, string]>([
  [{ pushEnabled: true, needPush: true }, 'needPush', 'pushEnabled'],
  [{ needPushNick: true, option: { needPushNick: true } }, 'option.needPushNick', 'needPushNick'],
  [{ pushPayload: '{}', payload: '{}' }, 'payload', 'pushPayload'],
  [{ forcePush: false, needForcePush: true }, 'needForcePush', 'forcePush'],
  [{ forcePushAccountIds: [], forcePushIDsList: '[]' }, 'forcePushIDsList', 'forcePushAccountIds'],
  [{ forcePushAll: true, forcePushList: '["a"]' }, 'forcePushList', 'forcePushAll'],
  [{ pushEnabled: true, apnsEnabled: true }, 'apnsEnabled', 'pushEnabled'],
  [{ unreadEnabled: true, shouldBeCounted: true }, 'shouldBeCounted', 'unreadEnabled'],
  [
    { forcePush: true, apnsMemberOption: { forcePush: true } },
    'apnsMemberOption.forcePush',
    'forcePush',
  ],
  [
    { apnsMemberOption: { apnsContent: 'a' }, push_forcepush_content: 'a' },
    'push_forcepush_content',
    'apnsMemberOption.apnsContent',
  ],
  [
    { push_forcepush_all: true, push_forcepush_ids: [] },
    'push_forcepush_ids',
    'push_forcepush_all',
  ],
  [
    { shouldBeCounted: true, message_config: { unread_enabled: true } },
    'message_config.unread_enabled',
    'shouldBeCounted',
  ],
])('%j says one thing twice, and both names are told', (given, second, first) => {
  expect(fieldsOf(given)).toEqual([
    {
      path: `pushConfig.${second}`,
      message: `says the same as ${first}: only one of them may be given`,
      code: 414,
    },
  ]);
});

test.each<[string, object, string]>([
  ['an unknown name', { needPushh: true }, 'needPushh'],
  ['an unknown name in option', { option: { pushh: true } }, 'option.pushh'],
  ['an unknown name in option as text', { option: '{"pushh":true}' }, 'option.pushh'],
  ['option that is no JSON', { option: '{' }, 'option'],
  ['a switch that is text', { needPush: 'yes' }, 'needPush'],
  ['a payload that is no object', { payload: '[]' }, 'payload'],
  ['a text over 500 characters', { pushcontent: 'x'.repeat(501) }, 'pushcontent'],
  ['a list that is no JSON', { forcePushIDsList: '#%@all' }, 'forcePushIDsList'],
  ['an id in a list as text', { forcePushList: '["a","/"]' }, 'forcePushList[1]'],
  ['a payload that is an object itself', { pushPayload: {} }, 'pushPayload'],
  [
    'a payload over 2048 characters',
    { push_payload: `{"a":"${'x'.repeat(2048)}"}` },
    'push_payload',
  ],
  ['a list as text where there is none', { push_forcepush_ids: '["a"]' }, 'push_forcepush_ids'],
  ['an unknown name in apnsMemberOption', { apnsMemberOption: { foo: 1 } }, 'apnsMemberOption.foo'],
  [
    'a switch in message_config that is text',
    { message_config: { unread_enabled: 'no' } },
    'message_config.unread_enabled',
  ],
  [
    'an id in userIds',
    { apnsMemberOption: { userIds: ['a', '/'] } },
    'apnsMemberOption.userIds[1]',
  ],
])("%s is refused by its own name, with NIM's number for it", (_case, given, path) => {
  expect(fieldsOf(given)).toEqual([
    { path: `pushConfig.${path}`, message: expect.any(String), code: 414 },
  ]);
});

test.each<[number, string, object]>([
  [811, 'forcePushIDsList', { forcePushIDsList: tooMany }],
  [811, 'forcePushIDsList', { forcePushIDsList: JSON.stringify(tooMany) }],
  [811, 'forcePushList', { forcePushList: tooMany }],
  [811, 'forcepushlist', { forcepushlist: JSON.stringify(tooMany) }],
  [811, 'apnsMemberOption.userIds', { apnsMemberOption: { userIds: tooMany } }],
  [107_316, 'forcePushAccountIds', { forcePushAccountIds: tooMany }],
  [107_316, 'push_forcepush_ids', { push_forcepush_ids: tooMany }],
])('too many forced accounts are %i in %s', (code, path, given) => {
  expect(fieldsOf(given)).toEqual([
    { path: `pushConfig.${path}`, message: 'must have at most 100 entries', code },
  ]);
});

test('a hundred forced accounts are not too many', () => {
  expect(fieldsOf({ forcePushAccountIds: tooMany.slice(1) })).toEqual([]);
});

test("other fields have none of NIM's numbers, and in a list each message has its own", () => {
  const messages = [
    aMessage(['alice'], { type: 'pigeon' }),
    aMessage(['alice'], { pushConfig: { forcePushList: tooMany } }),
  ];

  expect(() => parse(messageListBody, { messages })).toThrow(
    expect.objectContaining({
      fields: [
        { path: 'messages[0].type', message: expect.any(String) },
        { path: 'messages[1].pushConfig.forcePushList', message: expect.any(String), code: 811 },
      ],
    }),
  );
});

test("the problem document shows NIM's numbers", () => {
  const refusal = new Refusal(400, 'the request has invalid fields', fieldsOf({ needPush: 'yes' }));

  const { body } = problemOf(refusal, 'r-1', { log: () => undefined });

  expect(JSON.parse(body ?? '')).toMatchObject({
    errors: [{ path: 'pushConfig.needPush', code: 414 }],
  });
});
