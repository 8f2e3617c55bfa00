import fc from 'fast-check';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { messageTexts, type Reader } from '../../lib/rules/message-texts';
import { aMessageEvent } from '../support/builders';

type Changes = Parameters<typeof aMessageEvent>[0];

const texts = (changes: Changes, reader: Partial<Reader> = {}, settings = {}) =>
  messageTexts(
    aMessageEvent(changes),
    { languages: [], ...reader },
    { ...DEFAULT_APP_SETTINGS, ...settings },
  );
const body = (...args: Parameters<typeof texts>) => texts(...args).body;

const IMAGE = { type: 'image' } as const;
const EDITED = { kind: 'modification', replaces: 'message-0' } as const;
const content = (pushContent: string, pushNickEnabled = true) => ({
  pushConfig: { pushContent, pushNickEnabled },
});
const TEAM = { id: 'team-7', type: 'team', name: 'Climbers' } as const;

describe('with a nick, and without', () => {
  test.each<[string, Changes, string]>([
    ['a message with a text, nick on', { ...IMAGE, ...content('look') }, 'Alice:look'],
    ['a message with a text, nick off', { ...IMAGE, ...content('look', false) }, 'look'],
    ['a message without, nick on', IMAGE, 'Alice:发来了一张图片'],
    ['a message without, nick off', { ...IMAGE, ...content('', false) }, '发来了一张图片'],
    ['a changed one with a text, nick on', { ...EDITED, ...content('new') }, 'Alice:new'],
    ['a changed one with a text, nick off', { ...EDITED, ...content('new', false) }, 'new'],
    ['a changed one without, nick on', EDITED, 'Alice:更新了一条消息'],
    ['a changed one without, nick off', { ...EDITED, ...content('', false) }, '更新了一条消息'],
    ['a message of somebody without a nick', { sender: { accountId: 'alice' } }, 'hello'],
  ])('%s', (_name, changes, expected) => {
    expect(body(changes)).toBe(expected);
  });

  test('the nick is apart from the text for templates', () => {
    expect(texts({ conversation: TEAM }).parts).toEqual({
      nick: 'Alice',
      content: 'hello',
      conversation: 'Climbers',
    });
  });
});

describe('the default text', () => {
  const plain = { sender: { accountId: 'alice' }, body: '' };

  test.each<[string, Changes, string, string]>([
    ['a text', { type: 'text' }, '发来了一条消息', 'sent a message'],
    ['a picture', { type: 'image' }, '发来了一张图片', 'sent a picture'],
    ['a voice message', { type: 'audio' }, '发来了一段语音', 'sent a voice message'],
    ['a video', { type: 'video' }, '发来了一段视频', 'sent a video'],
    ['a location', { type: 'location' }, '发来了一个地理位置', 'sent a location'],
    ['a file', { type: 'file' }, '发来了一个文件', 'sent a file'],
    ['a tip', { type: 'tip' }, '发来了一条消息', 'sent a message'],
    ['a custom message', { type: 'custom' }, '发来了一条消息', 'sent a message'],
    ['a call', { type: 'call' }, '发来了通话邀请', 'is calling you'],
    [
      'a voice call',
      { type: 'call', callType: 'audio' },
      '发来了语音聊天邀请',
      'invites you to a voice call',
    ],
    [
      'a video call',
      { type: 'call', callType: 'video' },
      '发来了视频聊天邀请',
      'invites you to a video call',
    ],
    ['a changed text', { ...EDITED, type: 'text' }, '更新了一条消息', 'edited a message'],
    ['a changed picture', { ...EDITED, type: 'image' }, '更新了一条消息', 'edited a message'],
    [
      'a changed voice message',
      { ...EDITED, type: 'audio' },
      '更新了一段语音',
      'edited a voice message',
    ],
    ['a changed video', { ...EDITED, type: 'video' }, '更新了一段视频', 'edited a video'],
    [
      'a changed location',
      { ...EDITED, type: 'location' },
      '更新了一个地理位置',
      'edited a location',
    ],
    ['a changed file', { ...EDITED, type: 'file' }, '更新了一个文件', 'edited a file'],
    [
      'a recall',
      { type: 'custom', kind: 'recall', replaces: 'message-0' },
      '撤回了一条信息',
      'recalled a message',
    ],
  ])('of %s, in Chinese and in English', (_name, changes, zh, en) => {
    expect(body({ ...plain, ...changes })).toBe(zh);
    expect(body({ ...plain, ...changes }, { languages: ['en-US'] })).toBe(en);
  });

  test('of a changed text is not the new text, which only the app may show', () => {
    expect(body({ ...EDITED, body: 'hello, corrected' })).toBe('Alice:更新了一条消息');
  });

  test('is the app’s own where it has one', () => {
    const own = { texts: { zh: { image: '[图片]' } } };

    expect(body(IMAGE, {}, own)).toBe('Alice:[图片]');
  });
});

describe('the text of a forced push', () => {
  const forced = (forcePushContent?: string) => ({
    conversation: TEAM,
    pushConfig: {
      forcePush: true,
      pushContent: 'for all',
      ...(forcePushContent === undefined ? {} : { forcePushContent }),
    },
  });

  test.each<[string, Changes, Reader['insists'], string]>([
    ['is its own', forced('urgent'), 'force', 'Alice:urgent'],
    ['is the content if it has none', forced(), 'force', 'Alice:for all'],
    ['is the content if its own is empty', forced(''), 'force', 'Alice:for all'],
    ['is not for those who are not forced', forced('urgent'), undefined, 'Alice:for all'],
    ['is not for those who are mentioned', forced('urgent'), 'mention', '[有人@我]Alice:for all'],
  ])('%s', (_name, changes, insists, expected) => {
    expect(body(changes, { insists })).toBe(expected);
  });
});

describe('a mention', () => {
  test.each<[string, string[], string]>([
    ['says so', ['bob'], '[有人@我]Alice:hello'],
    ['of everybody says so', ['@all'], '[@所有人]Alice:hello'],
    ['of everybody and somebody is one of everybody', ['bob', '@all'], '[@所有人]Alice:hello'],
  ])('%s', (_name, mentions, expected) => {
    expect(body({ mentions }, { insists: 'mention' })).toBe(expected);
  });

  test('of others is nothing to this reader', () => {
    expect(body({ mentions: ['carol'] })).toBe('Alice:hello');
  });

  test('of a forced reader needs no words of its own', () => {
    expect(body({ mentions: ['bob'] }, { insists: 'force' })).toBe('Alice:hello');
  });

  test('is told in the language of the reader, or in the words of the app', () => {
    const own = { texts: { en: { mention: '{text} (@you)' } } };
    const reader = { insists: 'mention', languages: ['en'] } as const;

    expect(body({ mentions: ['bob'] }, reader)).toBe('[You were mentioned] Alice:hello');
    expect(body({ mentions: ['bob'] }, reader, own)).toBe('Alice:hello (@you)');
  });
});

describe('where details are hidden', () => {
  const SECRETS = {
    conversation: { id: 'team-7', type: 'team', name: 'secret team' },
    sender: { accountId: 'secret-account', nick: 'secret nick' },
    body: 'secret body',
    mentions: ['bob'],
    pushConfig: {
      pushContent: 'secret content',
      forcePush: true,
      forcePushContent: 'secret force',
      pushPayload: '{"pushTitle":"secret title"}',
    },
  } as const;
  const sets = { textSets: { short: { en: 'ping' } } };

  test.each<[Reader['insists']]>([[undefined], ['force'], ['mention']])(
    'neither who writes nor what is told (%s)',
    (insists) => {
      expect(texts(SECRETS, { insists, hidden: {} })).toEqual({
        title: '您有一条新消息',
        body: '请点击查看',
        parts: { nick: '您有一条新消息', content: '请点击查看', conversation: '您有一条新消息' },
        stack: '[{count}条] {text}',
      });
    },
  );

  test('the text is that of the set the device names', () => {
    const reader = { hidden: { textSet: 'short' }, languages: ['en-GB'] };

    expect(texts(SECRETS, reader, sets)).toMatchObject({
      title: 'You have a new message',
      body: 'ping',
    });
  });
});

test('what users write is never expanded', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.constantFrom('$&', "$'", '$`', '$1', '{text}', '{count}', '$<text>'),
  );
  fc.assert(
    fc.property(anything, anything, (nick, text) => {
      fc.pre(text !== '' && nick !== '');
      const event = { sender: { accountId: 'alice', nick }, body: text, mentions: ['bob'] };

      expect(texts(event, { insists: 'mention' })).toMatchObject({
        title: nick,
        body: `[有人@我]${nick}:${text}`,
        parts: { nick, content: text },
      });
    }),
  );
});
