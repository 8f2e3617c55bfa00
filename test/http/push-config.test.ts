import { messageBody } from '../../lib/http/message-schemas';
import { parse } from '../../lib/http/parse';
import { aMessage } from '../support/service';

const pushConfigOf = (pushConfig: unknown) =>
  parse(messageBody, aMessage(['alice'], { pushConfig })).pushConfig;

const ON = { pushEnabled: true, pushNickEnabled: true, forcePush: false, unreadEnabled: true };
const FORCED = { ...ON, forcePush: true };

test.each<[string, unknown, unknown]>([
  ['nothing', {}, ON],
  ['needPush', { needPush: false }, { ...ON, pushEnabled: false }],
  ['needPushNick', { needPushNick: false }, { ...ON, pushNickEnabled: false }],
  ['needPushBadge', { needPushBadge: false }, { ...ON, unreadEnabled: false }],
  ['pushcontent', { pushcontent: 'hi' }, { ...ON, pushContent: 'hi' }],
  ['payload', { payload: '{"a":1}' }, { ...ON, pushPayload: '{"a":1}' }],
  [
    'needForcePush with a list as text',
    { needForcePush: true, forcePushIDsList: '["a","b"]' },
    { ...FORCED, forcePushAccountIds: ['a', 'b'] },
  ],
  [
    'needForcePush with everybody',
    { needForcePush: true, forcePushIDsList: '#%@all@%#', forcePushContent: 'hi' },
    { ...FORCED, forcePushContent: 'hi' },
  ],
  ['a list without needForcePush', { forcePushIDsList: '[]' }, { ...ON, forcePushAccountIds: [] }],
  ['forcePushAll', { forcePushAll: true }, FORCED],
  ['forcePushAll: false', { forcePushAll: false }, ON],
  [
    'forcePushAll: false with forcePushList',
    { forcePushAll: false, forcePushList: '["a"]' },
    { ...FORCED, forcePushAccountIds: ['a'] },
  ],
  ['forcePushList as a list', { forcePushList: ['a'] }, { ...FORCED, forcePushAccountIds: ['a'] }],
  [
    'the older spellings in lower case',
    { forcepushall: true, forcepushcontent: 'hi' },
    { ...FORCED, forcePushContent: 'hi' },
  ],
  ['forcepushlist', { forcepushlist: '[]' }, { ...FORCED, forcePushAccountIds: [] }],
  [
    'option as an object',
    { option: { push: false, badge: false, roam: true, route: false } },
    { ...ON, pushEnabled: false, unreadEnabled: false },
  ],
  [
    'option as JSON text',
    { option: '{"push":true,"needPushNick":false,"history":true,"persistent":true}' },
    { ...ON, pushNickEnabled: false },
  ],
  [
    "the properties of V1's iOS clients",
    {
      ...{ apnsEnabled: false, apnsWithPrefix: false, shouldBeCounted: false },
      ...{ apnsContent: 'hi', apnsPayload: '{"a":1}' },
    },
    {
      ...{ pushEnabled: false, pushNickEnabled: false, unreadEnabled: false, forcePush: false },
      ...{ pushContent: 'hi', pushPayload: '{"a":1}' },
    },
  ],
  ['apnsMemberOption, which forces to everybody', { apnsMemberOption: {} }, FORCED],
  [
    'apnsMemberOption with a list and a text',
    { apnsMemberOption: { userIds: ['a'], apnsContent: 'hi' } },
    { ...FORCED, forcePushAccountIds: ['a'], forcePushContent: 'hi' },
  ],
  [
    'apnsMemberOption with an empty list',
    { apnsMemberOption: { userIds: [] } },
    { ...FORCED, forcePushAccountIds: [] },
  ],
  [
    'apnsMemberOption that is switched off',
    { apnsMemberOption: { forcePush: false, userIds: ['a'] } },
    { ...ON, forcePushAccountIds: ['a'] },
  ],
  [
    "the properties of V2's servers",
    {
      ...{ push_enabled: false, push_nick_enabled: false, push_content: 'hi' },
      ...{ push_payload: '{}', message_config: { unread_enabled: false, history_enabled: true } },
    },
    {
      ...{ pushEnabled: false, pushNickEnabled: false, unreadEnabled: false, forcePush: false },
      ...{ pushContent: 'hi', pushPayload: '{}' },
    },
  ],
  [
    'push_forcepush_ids',
    {
      ...{ push_forcepush_enable: true, push_forcepush_all: false },
      ...{ push_forcepush_ids: ['a'], push_forcepush_content: 'hi' },
    },
    { ...FORCED, forcePushAccountIds: ['a'], forcePushContent: 'hi' },
  ],
  ['push_forcepush_all', { push_forcepush_enable: true, push_forcepush_all: true }, FORCED],
  [
    'push_forcepush_all: false without a list, which is nobody',
    { push_forcepush_enable: true, push_forcepush_all: false },
    { ...FORCED, forcePushAccountIds: [] },
  ],
  ['push_forcepush_enable alone, as forcePush alone', { push_forcepush_enable: true }, FORCED],
  [
    'what a server sends that forces nothing',
    { push_forcepush_enable: false, push_forcepush_all: false },
    ON,
  ],
  [
    "V2's own names",
    { forcePush: true, forcePushAccountIds: ['a'], pushContent: 'hi', pushPayload: '{}' },
    { ...FORCED, forcePushAccountIds: ['a'], pushContent: 'hi', pushPayload: '{}' },
  ],
])('%s is read', (_case, given, read) => {
  expect(pushConfigOf(given)).toEqual(read);
});
