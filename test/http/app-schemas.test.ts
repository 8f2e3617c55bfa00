import { appSettingsBody } from '../../lib/http/app-schemas';
import { parse } from '../../lib/http/parse';
import { TEXT_KEYS } from '../../lib/model/app-settings';
import { Refusal } from '../../lib/model/errors';

/** What a change is told to be wrong about, path by path. */
function errorsOf(change: unknown): Record<string, string> {
  try {
    parse(appSettingsBody, change);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Object.fromEntries(error.fields.map(({ path, message }) => [path, message]));
  }
  return {};
}

const entries = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`na-${index}`, value]));

test.each<[object]>([
  [{ language: 'zh-Hant-TW' }],
  [{ timeZone: 'Europe/Berlin' }],
  [{ texts: { zh: { stack: '{text}（{count}）', mention: '@ {text}', hidden: '新' }, en_US: {} } }],
  [{ texts: {} }],
  [{ textSets: { discreet: { zh: '新消息', en: 'New' } } }],
  [{ classes: { im: { collapse: 'conversation', alertEverySeconds: 60, sound: false } } }],
  [{ classes: { news: { channelId: 'news', payload: { hwField: { category: 'IM' } } } } }],
  [{ invalidPayload: 'strip', badge: false, withdrawRead: true, nimLogoutCopy: 'logout' }],
  [{ mergeWaiting: true }],
  [{ pushIfUnackedMs: 900_000, mode: 'canary', canaryPercent: 100, desktopPlatforms: [] }],
  [{ hook: { url: 'https://chat.example.com/push', onFailure: 'drop' } }],
  [{ hook: null }],
  [{ quotaUsedUp: 'hold' }],
  [{ pushInBackground: { android: true } }],
])('%j can be set', (change) => {
  expect(parse(appSettingsBody, change)).toEqual(change);
});

test('a webhook that says nothing of failures lets pushes go', () => {
  const url = 'https://chat.example.com/push';

  expect(parse(appSettingsBody, { hook: { url } })).toEqual({ hook: { url, onFailure: 'send' } });
});

test('every text can be set', () => {
  const texts = { zh: Object.fromEntries(TEXT_KEYS.map((key) => [key, '{count} {text}'])) };

  expect(parse(appSettingsBody, { texts })).toEqual({ texts });
});

test.each<[object, Record<string, string>]>([
  [{ language: '中文' }, { language: 'must be a language such as zh or zh-Hant' }],
  [{ language: '' }, { language: 'must be a language such as zh or zh-Hant' }],
  [{ timeZone: 'Mars/Base' }, { timeZone: 'must be a time zone such as Asia/Shanghai' }],
  [{ texts: { zh: { nudge: 'x' } } }, { 'texts.zh.nudge': 'is not the key of a text' }],
  [{ texts: { zh: { text: '' } } }, { 'texts.zh.text': 'must not be empty' }],
  [
    { texts: { en: { file: 'x'.repeat(501) } } },
    { 'texts.en.file': 'must have at most 500 characters' },
  ],
  [{ texts: { 简体: {} } }, { 'texts.简体': 'must be a language such as zh or zh-Hant' }],
  [{ texts: { en: { mention: 'You!' } } }, { 'texts.en.mention': 'must contain {text}' }],
  [{ texts: { en: { 'mention-all': 'All!' } } }, { 'texts.en.mention-all': 'must contain {text}' }],
  [{ texts: { en: { stack: '{text}' } } }, { 'texts.en.stack': 'must contain {count}' }],
  [{ texts: { en: { stack: 'many' } } }, { 'texts.en.stack': 'must contain {count} and {text}' }],
  [{ texts: entries(51, {}) }, { texts: 'must have at most 50 languages' }],
  [{ textSets: { a: { zh: '' } } }, { 'textSets.a.zh': 'must not be empty' }],
  [{ textSets: { a: '新' } }, { 'textSets.a': 'must be Object' }],
  [{ textSets: entries(101, {}) }, { textSets: 'must have at most 100 sets' }],
  [{ classes: { im: { ring: true } } }, { 'classes.im.ring': 'is not a known field' }],
  [{ classes: { im: { sound: 1 } } }, { 'classes.im.sound': 'must be boolean' }],
  [
    { classes: { im: { collapse: 'team' } } },
    { 'classes.im.collapse': 'must be ("message" | "conversation")' },
  ],
  [
    { classes: { im: { alertEverySeconds: 60 } } },
    { 'classes.im.alertEverySeconds': 'is only for a class with collapse: conversation' },
  ],
  [
    { classes: { im: { collapse: 'conversation', alertEverySeconds: 0 } } },
    { 'classes.im.alertEverySeconds': 'must be at least 1' },
  ],
  [
    { classes: { im: { payload: { hwField: { title: 'x'.repeat(2_048) } } } } },
    { 'classes.im.payload': 'must have at most 2048 characters as JSON' },
  ],
  [{ classes: { im: { payload: '{}' } } }, { 'classes.im.payload': 'must be Object' }],
  [{ classes: entries(101, {}) }, { classes: 'must have at most 100 classes' }],
  [{ invalidPayload: 'drop' }, { invalidPayload: 'must be ("refuse" | "strip")' }],
  [{ badge: 'no' }, { badge: 'must be boolean' }],
  [{ pushIfUnackedMs: 900_001 }, { pushIfUnackedMs: 'must be at most 900000' }],
  [{ pushIfUnackedMs: -1 }, { pushIfUnackedMs: 'must not be negative' }],
  [{ pushIfUnackedMs: 0.5 }, { pushIfUnackedMs: 'must be whole milliseconds' }],
  [{ desktopPlatforms: ['windows', 'amiga'] }, { 'desktopPlatforms[1]': expect.any(String) }],
  [{ mode: 'dark' }, { mode: 'must be ("live" | "shadow" | "canary")' }],
  [{ canaryPercent: 101 }, { canaryPercent: 'must be at most 100' }],
  [{ canaryPercent: 0.5 }, { canaryPercent: 'must be a whole number' }],
  [{ hook: { onFailure: 'send' } }, { 'hook.url': 'is required' }],
  [{ hook: { url: 'push' } }, { 'hook.url': 'must be a URL' }],
  [
    { hook: { url: 'https://a.example', onFailure: 'wait' } },
    { 'hook.onFailure': 'must be ("send" | "drop")' },
  ],
  [{ mergeWaiting: 1 }, { mergeWaiting: 'must be boolean' }],
  [{ nimLogoutCopy: 'kick' }, { nimLogoutCopy: 'must be ("disconnect" | "logout")' }],
  [{ pushInBackground: { amiga: true } }, { 'pushInBackground.amiga': 'is not a known field' }],
  [{ soundd: true }, { soundd: 'is not a known field' }],
])('%# is refused by its path', (change, errors) => {
  expect(errorsOf(change)).toEqual(errors);
});
