import fc from 'fast-check';
import { MESSAGE_TYPES } from '../../lib/model/message-event';
import { aMessageEvent } from '../support/builders';
import { rendered, renderer } from '../support/rendering';

const render = (changes: Parameters<typeof aMessageEvent>[0] = {}) =>
  rendered(aMessageEvent(changes));

const TEAM = { id: 'team-7', type: 'team', name: 'Climbers' } as const;

test('a text from one to another', () => {
  expect(render()).toEqual({
    title: 'Alice',
    body: 'Alice:hello',
    parts: { nick: 'Alice', content: 'hello', conversation: 'Alice' },
    notifyId: 1_589_149_896,
    dedupeKey: 'kneuIC0O99vR',
    urgency: 'high',
    messageClass: 'im',
    badge: { add: 1 },
    data: { sessionId: 'alice', sessionType: '0', messageId: 'message-1', nim: '1' },
  });
});

describe('the title', () => {
  const withPayload = (pushPayload: string) => ({ pushConfig: { pushPayload } });

  test.each<[string, Parameters<typeof aMessageEvent>[0], string]>([
    ['is the nick of the sender', {}, 'Alice'],
    ['or the account', { sender: { accountId: 'alice' } }, 'alice'],
    ['or the account, if the nick is empty', { sender: { accountId: 'alice', nick: '' } }, 'alice'],
    ['is the name of the team', { conversation: TEAM }, 'Climbers'],
    ['or the nick', { conversation: { id: 'team-7', type: 'superTeam' } }, 'Alice'],
    [
      'is not the name of a conversation of two',
      { conversation: { ...TEAM, type: 'p2p' } },
      'Alice',
    ],
    [
      'is what the payload says',
      { conversation: TEAM, ...withPayload('{"pushTitle":"Hi"}') },
      'Hi',
    ],
    ['an empty one in the payload counts as none', withPayload('{"pushTitle":""}'), 'Alice'],
    ['a number in the payload is no title', withPayload('{"pushTitle":7}'), 'Alice'],
    ['a payload without it says nothing', withPayload('{"channel_id":"1"}'), 'Alice'],
    ['a payload that is no object says nothing', withPayload('null'), 'Alice'],
    ['a payload that is text says nothing', withPayload('"pushTitle"'), 'Alice'],
    ['a broken payload says nothing', withPayload('{'), 'Alice'],
  ])('%s', (_name, changes, title) => {
    expect(render(changes).title).toBe(title);
  });
});

describe('the body', () => {
  test.each<[string, Parameters<typeof aMessageEvent>[0], string]>([
    ['is the nick and the text', {}, 'Alice:hello'],
    ['is the text alone without a nick', { sender: { accountId: 'alice' } }, 'hello'],
    ['is the text alone if so asked', { pushConfig: { pushNickEnabled: false } }, 'hello'],
    ['is the push content', { pushConfig: { pushContent: 'psst' } }, 'Alice:psst'],
    ['an empty push content counts as none', { pushConfig: { pushContent: '' } }, 'Alice:hello'],
    ['of an empty text is the default', { body: '' }, 'Alice:发来了一条消息'],
    [
      'of an image never is its body',
      { type: 'image', body: '{"url":""}' },
      'Alice:发来了一张图片',
    ],
  ])('%s', (_name, changes, body) => {
    expect(render(changes).body).toBe(body);
  });

  test('has a default for each type', () => {
    const { body: _none, ...event } = aMessageEvent({ sender: { accountId: 'alice' } });

    expect(MESSAGE_TYPES.map((type) => [type, rendered({ ...event, type }).body])).toEqual([
      ['text', '发来了一条消息'],
      ['image', '发来了一张图片'],
      ['audio', '发来了一段语音'],
      ['video', '发来了一段视频'],
      ['location', '发来了一个地理位置'],
      ['file', '发来了一个文件'],
      ['tip', '发来了一条消息'],
      ['call', '发来了通话邀请'],
      ['custom', '发来了一条消息'],
    ]);
  });
});

test('a call is a class of its own', () => {
  expect(render({ type: 'call' }).messageClass).toBe('call');
  expect(render({ type: 'custom' }).messageClass).toBe('im');
});

test.each([
  ['p2p', '0'],
  ['team', '1'],
  ['superTeam', '5'],
] as const)('a click in a %s conversation says type %s', (type, sessionType) => {
  expect(render({ conversation: { id: 'c-1', type } }).data).toEqual({
    sessionId: 'c-1',
    sessionType,
    messageId: 'message-1',
    nim: '1',
  });
});

test('ids are of the form vendors take, and the same for the same message', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (messageId) => {
      const { notifyId, dedupeKey } = render({ messageId });

      expect(Number.isInteger(notifyId) && notifyId >= 1 && notifyId <= 2_147_483_647).toBe(true);
      expect(dedupeKey).toMatch(/^k[0-9A-Za-z-]{11}$/);
      expect(render({ messageId, body: 'other' })).toMatchObject({ notifyId, dedupeKey });
    }),
  );
});

test.each([
  ['the smallest', 'AAAAAA', 1],
  ['the largest', 'B____-', 2_147_483_647],
])('%s notification id', (_name, digest, notifyId) => {
  const render = renderer(aMessageEvent(), {}, () => `${digest}_____`);

  expect(render({ vendor: 'xiaomi', languages: [] })).toMatchObject({ notifyId });
});

describe('the content of a custom notification', () => {
  const said = {
    type: 'custom',
    kind: 'notification',
    pushConfig: { pushContent: 'Ding' },
  } as const;

  test('reaches its app and is not shown', () => {
    expect(render({ ...said, body: '{"do":"sync"}' })).toMatchObject({
      body: 'Alice:Ding',
      data: { content: '{"do":"sync"}', messageId: 'message-1' },
    });
  });

  test.each([
    ['over 1,000 characters', { body: 'x'.repeat(1_001) }],
    ['that is empty', { body: '' }],
    ['of a message', { kind: 'message', body: 'hello' }],
  ] as const)('%s does not travel', (_case, changes) => {
    expect(render({ ...said, ...changes }).data).not.toHaveProperty('content');
  });
});
