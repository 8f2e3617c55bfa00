import type * as v from 'valibot';
import { messageBody, messageListBody } from '../../lib/http/message-schemas';
import { parse } from '../../lib/http/parse';
import { Refusal } from '../../lib/model/errors';
import { aMessage } from '../support/service';

/** What a call is told to be wrong about, path by path. */
function errorsOf(body: unknown, schema: v.GenericSchema = messageBody): Record<string, string> {
  try {
    parse(schema, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Object.fromEntries(error.fields.map(({ path, message }) => [path, message]));
  }
  return {};
}

const pushConfigOf = (pushConfig: unknown) =>
  parse(messageBody, aMessage(['alice'], { pushConfig })).pushConfig;
const pushErrors = (pushConfig: unknown) => errorsOf(aMessage(['alice'], { pushConfig }));

const ON = { pushEnabled: true, pushNickEnabled: true, forcePush: false };

describe('recipients', () => {
  test.each<[string, unknown, Record<string, string>]>([
    [
      'an unknown field',
      { accountId: 'b', foo: 1 },
      { 'recipients[1].foo': 'is not a known field' },
    ],
    [
      'an account id that is too long',
      { accountId: 'b'.repeat(129) },
      { 'recipients[1].accountId': 'must have at most 128 characters' },
    ],
    ['no account id', { blockedSender: true }, { 'recipients[1].accountId': 'is required' }],
    [
      'an account id that is a number',
      { accountId: 7 },
      { 'recipients[1].accountId': 'must be string' },
    ],
    [
      'an unknown state',
      { accountId: 'b', presence: [{ deviceId: 'd', state: 'asleep' }] },
      {
        'recipients[1].presence[0].state': 'must be ("foreground" | "background" | "disconnected")',
      },
    ],
    ['a bare id that is too long', 'b'.repeat(129), { 'recipients[1]': expect.anything() }],
    ['a number', 7, { 'recipients[1]': 'must be an account id or an object with accountId' }],
  ])('%s is told by its field', (_case, recipient, errors) => {
    expect(errorsOf(aMessage(['alice', recipient]))).toEqual(errors);
  });

  test('in a list the message is named too', () => {
    const messages = [aMessage(['a']), aMessage(['a', 'b', { accountId: '/' }])];

    expect(Object.keys(errorsOf({ messages }, messageListBody))).toEqual([
      'messages[1].recipients[2].accountId',
    ]);
  });
});

describe('push properties', () => {
  test.each<[string, unknown, unknown]>([
    ['nothing', {}, ON],
    ['needPush', { needPush: false }, { ...ON, pushEnabled: false }],
    ['needPushNick', { needPushNick: false }, { ...ON, pushNickEnabled: false }],
    ['needPushBadge, of no effect', { needPushBadge: false }, ON],
    ['pushcontent', { pushcontent: 'hi' }, { ...ON, pushContent: 'hi' }],
    ['payload', { payload: '{"a":1}' }, { ...ON, pushPayload: '{"a":1}' }],
    [
      'needForcePush with a list as text',
      { needForcePush: true, forcePushIDsList: '["a","b"]' },
      { ...ON, forcePush: true, forcePushAccountIds: ['a', 'b'] },
    ],
    [
      'needForcePush with everybody',
      { needForcePush: true, forcePushIDsList: '#%@all@%#', forcePushContent: 'hi' },
      { ...ON, forcePush: true, forcePushContent: 'hi' },
    ],
    [
      'a list without needForcePush',
      { forcePushIDsList: '[]' },
      { ...ON, forcePushAccountIds: [] },
    ],
    ['forcePushAll', { forcePushAll: true }, { ...ON, forcePush: true }],
    ['forcePushAll: false', { forcePushAll: false }, ON],
    [
      'forcePushAll: false with forcePushList',
      { forcePushAll: false, forcePushList: '["a"]' },
      { ...ON, forcePush: true, forcePushAccountIds: ['a'] },
    ],
    [
      'forcePushList as a list',
      { forcePushList: ['a'] },
      { ...ON, forcePush: true, forcePushAccountIds: ['a'] },
    ],
    [
      'the older spellings in lower case',
      { forcepushall: true, forcepushcontent: 'hi' },
      { ...ON, forcePush: true, forcePushContent: 'hi' },
    ],
    ['forcepushlist', { forcepushlist: '[]' }, { ...ON, forcePush: true, forcePushAccountIds: [] }],
    [
      'option as an object',
      { option: { push: false, badge: true, roam: true, route: false } },
      { ...ON, pushEnabled: false },
    ],
    [
      'option as JSON text',
      { option: '{"push":true,"needPushNick":false,"history":true,"persistent":true}' },
      { ...ON, pushNickEnabled: false },
    ],
    [
      "V2's own names",
      { forcePush: true, forcePushAccountIds: ['a'], pushContent: 'hi', pushPayload: '{}' },
      { ...ON, forcePush: true, forcePushAccountIds: ['a'], pushContent: 'hi', pushPayload: '{}' },
    ],
  ])('%s is read', (_case, given, read) => {
    expect(pushConfigOf(given)).toEqual(read);
  });

  test.each<[object, string, string]>([
    [{ pushEnabled: true, needPush: true }, 'needPush', 'pushEnabled'],
    [{ needPushNick: true, option: { needPushNick: true } }, 'option.needPushNick', 'needPushNick'],
    [{ pushPayload: '{}', payload: '{}' }, 'payload', 'pushPayload'],
    [{ forcePush: false, needForcePush: true }, 'needForcePush', 'forcePush'],
    [
      { forcePushAccountIds: [], forcePushIDsList: '[]' },
      'forcePushIDsList',
      'forcePushAccountIds',
    ],
    [{ forcePushAll: true, forcePushList: '["a"]' }, 'forcePushList', 'forcePushAll'],
  ])('%j says one thing twice, and both names are told', (given, second, first) => {
    expect(pushErrors(given)).toEqual({
      [`pushConfig.${second}`]: `says the same as ${first}: only one of them may be given`,
    });
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
    ['an id in a list as text', { forcePushList: '["a",""]' }, 'forcePushList[1]'],
    [
      'a list of 101 accounts',
      { forcePushIDsList: JSON.stringify(new Array(101).fill('a')) },
      'forcePushIDsList',
    ],
  ])('%s is refused by its own name', (_case, given, path) => {
    expect(Object.keys(pushErrors(given))).toEqual([`pushConfig.${path}`]);
  });
});

test('a message from more than a day ahead is refused, one from less is not', () => {
  const hours = (ahead: number) => Date.now() + ahead * 3_600_000;

  expect(errorsOf(aMessage(['alice'], { sentAt: hours(24.1) }))).toEqual({
    sentAt: 'must not be more than 24 hours ahead',
  });
  expect(errorsOf(aMessage(['alice'], { sentAt: hours(23.9) }))).toEqual({});
});
