import fc from 'fast-check';
import { readCopy } from '../../lib/http/nim-copies';
import { type FieldError, Refusal } from '../../lib/model/errors';

/** As NIM sends it: every value is text. */
const MESSAGE = {
  eventType: '1',
  convType: 'PERSON',
  to: 'lisi',
  fromAccount: 'zhangsan',
  fromClientType: 'IOS',
  fromDeviceId: 'B0BFF2EB',
  fromNick: '张三',
  msgTimestamp: '1456888017105',
  msgType: 'TEXT',
  body: '文字消息',
  attach: '',
  msgidClient: 'f33f0716',
  msgidServer: '8364607',
  resendFlag: '0',
};
const LOGIN = {
  ...{ eventType: '2', accid: 't3', deviceId: 'c25f82d0', clientType: 'AOS', code: '200' },
  ...{ clientIp: '60.2.3.202', customTag: 'tag', sdkVersion: '152', timestamp: '1608877682237' },
};
const PLAIN = { pushEnabled: true, pushNickEnabled: true, forcePush: false, unreadEnabled: true };

function messageOf(changes: object) {
  const copy = readCopy({ ...MESSAGE, ...changes });
  if (copy.kind !== 'message') throw new Error(`it is ${copy.kind}`);
  return copy;
}

function fieldsOf(copy: unknown): readonly FieldError[] {
  try {
    readCopy(copy);
  } catch (error) {
    if (error instanceof Refusal) return error.fields;
    throw error;
  }
  return [];
}

test('a message from one to another', () => {
  expect(readCopy(MESSAGE)).toEqual({
    kind: 'message',
    warnings: [],
    message: {
      messageId: '8364607',
      type: 'text',
      conversationType: 'p2p',
      from: 'zhangsan',
      deviceId: 'B0BFF2EB',
      nick: '张三',
      to: 'lisi',
      body: '文字消息',
      sentAt: 1_456_888_017_105,
      pushConfig: PLAIN,
    },
  });
});

test('what is left empty is not there', () => {
  const changes = { msgidServer: '', fromNick: '', fromDeviceId: '', body: '', ext: '' };

  expect(messageOf(changes).message).toEqual({
    messageId: 'f33f0716',
    type: 'text',
    conversationType: 'p2p',
    from: 'zhangsan',
    to: 'lisi',
    sentAt: 1_456_888_017_105,
    pushConfig: PLAIN,
  });
});

test.each([
  ['PICTURE', 'image'],
  ['AUDIO', 'audio'],
  ['VIDEO', 'video'],
  ['LOCATION', 'location'],
  ['FILE', 'file'],
  ['TIPS', 'tip'],
  ['CUSTOM', 'custom'],
  ['text', 'text'],
])('%s is a message of the type %s', (msgType, type) => {
  expect(messageOf({ msgType }).message.type).toBe(type);
});

test.each([
  ['PERSON', 'p2p'],
  ['TEAM', 'team'],
  ['Super_Team', 'superTeam'],
])('%s is a conversation of the type %s', (convType, type) => {
  expect(messageOf({ convType }).message.conversationType).toBe(type);
});

test.each<[string, object]>([
  ['an event of a team', { ...MESSAGE, msgType: 'NOTIFICATION' }],
  ['a custom system notification', { ...MESSAGE, convType: 'CUSTOM_PERSON' }],
  ['a chat room', { ...MESSAGE, eventType: '4' }],
  ['the end of a call', { eventType: 8, channelId: '1' }],
  ['a login that failed', { ...LOGIN, code: '403' }],
])('%s is ignored', (_case, copy) => {
  expect(readCopy(copy)).toEqual({ kind: 'ignored' });
});

test.each<[string, string | undefined]>([
  ['AOS', 'android'],
  ['IOS', 'ios'],
  ['PC', 'windows'],
  ['WEB', 'web'],
  ['mac', 'macos'],
  ['HARMONY', 'harmony'],
  ['65', 'harmony'],
  ['REST', undefined],
])('a login by %s', (clientType, platform) => {
  expect(readCopy({ ...LOGIN, clientType })).toEqual({
    kind: 'presence',
    event: 'login',
    accountId: 't3',
    deviceId: 'c25f82d0',
    at: 1_608_877_682_237,
    ...(platform === undefined ? {} : { platform }),
  });
});

test('a logout needs no code', () => {
  const { code: _none, clientType: _neither, ...rest } = LOGIN;

  expect(readCopy({ ...rest, eventType: '3' })).toMatchObject({ event: 'logout', accountId: 't3' });
});

test('numbers and the same in digits are alike, in any copy', () => {
  const copies = fc.constantFrom<Record<string, unknown>>(
    MESSAGE,
    { ...MESSAGE, convType: 'TEAM', to: '4711' },
    LOGIN,
    { ...LOGIN, eventType: '3', accid: '12' },
    { ...MESSAGE, eventType: '36' },
  );
  const chosen: fc.Arbitrary<string[]> = fc.array(
    fc.constantFrom('eventType', 'msgTimestamp', 'timestamp', 'code', 'msgidServer', 'to', 'accid'),
  );

  fc.assert(
    fc.property(copies, chosen, (copy, names) => {
      const inNumbers = Object.fromEntries(
        Object.entries(copy).map(([name, value]) =>
          names.includes(name) && /^\d+$/.test(String(value))
            ? [name, Number(value)]
            : [name, value],
        ),
      );
      expect(readCopy(inNumbers)).toEqual(readCopy(copy));
    }),
  );
});

test.each<[string, object, string, string]>([
  ['no event type', { eventType: undefined }, 'eventType', 'is required'],
  ['no receiver', { to: '' }, 'to', 'is required'],
  ['a sender with a slash', { fromAccount: 'a/b' }, 'fromAccount', 'must hold no control'],
  ['a time that is none', { msgTimestamp: 'yesterday' }, 'msgTimestamp', 'must be whole'],
  ['a time in microseconds', { msgTimestamp: '1456888017105000' }, 'msgTimestamp', 'must not be'],
  ['no id', { msgidServer: '', msgidClient: '' }, 'msgidServer', 'is required, or msgidClient'],
  ['a list', { fromNick: ['a'] }, 'fromNick', 'must be string'],
])('%s is refused by the field', (_case, changes, path, message) => {
  expect(fieldsOf({ ...MESSAGE, ...changes })).toEqual([
    { path, message: expect.stringContaining(message) },
  ]);
});

test('a login without account, device and time is refused by each field', () => {
  expect(fieldsOf({ eventType: '2' }).map(({ path }) => path)).toEqual([
    'accid',
    'deviceId',
    'timestamp',
  ]);
});

describe('push properties in ext', () => {
  const read = (push: unknown) => messageOf({ ext: JSON.stringify({ own: 1, push }) });

  test('may be in any spelling, with mentions beside them', () => {
    const push = { pushcontent: 'hi', needForcePush: true, forcePushIDsList: '["a"]' };

    expect(read({ ...push, mentions: ['a', '@all'] })).toMatchObject({
      warnings: [],
      message: {
        mentions: ['a', '@all'],
        pushConfig: {
          ...PLAIN,
          pushContent: 'hi',
          forcePush: true,
          forcePushAccountIds: ['a'],
        },
      },
    });
  });

  test.each<[string, unknown, string]>([
    ['an unknown name', { pushContnt: 'hi' }, 'ext.push.pushContnt is not a known field'],
    ['a text', 'hi', 'ext.push must be Object'],
    ['mentions that are no list', { mentions: 'a' }, 'ext.push.mentions must be Array'],
    ['too long a text', { pushContent: 'x'.repeat(501) }, 'ext.push.pushContent must have at most'],
  ])('%s is left out with a warning, and the message goes', (_case, push, warning) => {
    const { message, warnings } = read(push);

    expect(message.pushConfig).toEqual(PLAIN);
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each(['no JSON', '[1]', '{"own":1}', ''])('ext %j says nothing of pushes', (ext) => {
    expect(messageOf({ ext })).toMatchObject({ warnings: [], message: { pushConfig: PLAIN } });
  });
});

test('whatever a copy holds, it is read or refused by field', () => {
  const names = Object.keys({ ...MESSAGE, ...LOGIN, ext: '' });
  const anyCopy = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.json()));

  fc.assert(
    fc.property(anyCopy, fc.constantFrom('1', 2, '3', 9), (copy, eventType) => {
      // anything but a refusal comes through
      expect(() => fieldsOf({ ...MESSAGE, ...LOGIN, ...copy, eventType })).not.toThrow();
    }),
  );
});
