import fc from 'fast-check';
import { DEFAULT_APP_SETTINGS, TEXT_KEYS } from '../../lib/model/app-settings';
import { pickHiddenText, pickText } from '../../lib/rules/pick-text';
import { SHIPPED_TEXTS } from '../../lib/rules/shipped-texts';

const settings = (changes: Partial<typeof DEFAULT_APP_SETTINGS> = {}) => ({
  ...DEFAULT_APP_SETTINGS,
  ...changes,
});
const SHIPPED = { zh: '发来了一张图片', en: 'sent a picture' };

describe('a shipped text', () => {
  test.each([
    ['zh', SHIPPED.zh],
    ['zh_CN', SHIPPED.zh],
    ['zh-Hant-TW', SHIPPED.zh],
    ['en', SHIPPED.en],
    ['en-GB', SHIPPED.en],
    ['EN_us', SHIPPED.en],
    [' en ', SHIPPED.en],
  ])('is found for %j', (language, expected) => {
    expect(pickText('image', [language], settings({ language: 'xx' }))).toBe(expected);
  });

  test.each(['', '-', 'english', 'e', '__proto__', 'constructor', 'fr-FR'])(
    'for %j is the one in the language of the app',
    (language) => {
      expect(pickText('image', [language], settings({ language: 'en' }))).toBe(SHIPPED.en);
    },
  );

  test('is Chinese where the language of the app has none either', () => {
    expect(pickText('image', ['fr', undefined], settings({ language: 'de' }))).toBe(SHIPPED.zh);
  });

  test.each(Object.keys(SHIPPED_TEXTS))('is there in %s whatever it is for', (language) => {
    const texts = TEXT_KEYS.map((key) => SHIPPED_TEXTS[language]?.[key] ?? '');

    expect(texts.filter((text) => text === '')).toEqual([]);
  });
});

describe('a text of the app', () => {
  const own = settings({ texts: { en: { image: 'pic' }, 'zh-Hant': { image: '圖片' } } });

  test.each([
    ['en-GB', 'pic'],
    ['zh-Hant-TW', '圖片'],
    ['zh_hant_HK', '圖片'],
    ['zh-TW', SHIPPED.zh],
  ])('for %s comes before the shipped one of the same language', (language, expected) => {
    expect(pickText('image', [language], own)).toBe(expected);
  });

  test('leaves the others of its language as they are', () => {
    expect(pickText('audio', ['en'], own)).toBe('sent a voice message');
  });

  test('in a later language gives way to a shipped one in an earlier', () => {
    expect(pickText('image', ['zh', 'en'], own)).toBe(SHIPPED.zh);
  });
});

test('the first language that has the text counts', () => {
  const texts = { fr: { image: 'a envoyé une image' }, de: { audio: 'hat etwas gesagt' } };
  const all = settings({ texts });

  expect(pickText('image', ['fr-CA', 'de'], all)).toBe('a envoyé une image');
  expect(pickText('audio', ['fr-CA', 'de'], all)).toBe('hat etwas gesagt');
  expect(pickText('video', ['fr-CA', 'de', 'en'], all)).toBe('sent a video');
});

test('whatever the languages are called, there is a text, and a known one decides it alone', () => {
  const anything = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'x-y_z'));
  const keys = fc.constantFrom(...TEXT_KEYS);
  fc.assert(
    fc.property(fc.array(anything), anything, keys, (languages, language, key) => {
      expect(pickText(key, languages, settings({ language }))).not.toBe('');
      expect(pickText(key, ['en-AU', ...languages], settings({ language }))).toBe(
        SHIPPED_TEXTS['en']?.[key],
      );
    }),
  );
});

describe('what is shown where details are hidden', () => {
  const sets = settings({
    textSets: { short: { en: 'ping', zh: '叮' }, odd: { fr: 'bonjour' }, empty: {} },
  });

  test.each<[string, string | undefined, string[], string]>([
    ['is the general text', undefined, [], '请点击查看'],
    ['is the general text in the language of the device', undefined, ['en-US'], 'Tap to view'],
    ['comes from the set that the device names', 'short', ['en-US'], 'ping'],
    ['is in the language of the app, failing others', 'short', ['de'], '叮'],
    ['is whatever the set has, failing that', 'odd', ['en'], 'bonjour'],
    ['is the general text where the set is empty', 'empty', ['en'], 'Tap to view'],
    ['is the general text where there is no such set', 'gone', ['en'], 'Tap to view'],
    ['is no member that every object has', 'constructor', ['en'], 'Tap to view'],
  ])('%s', (_name, set, languages, expected) => {
    expect(pickHiddenText(set, languages, sets)).toBe(expected);
  });

  test('may be set by the app in place of the general text', () => {
    const own = settings({ texts: { zh: { hidden: '有新动态' } } });

    expect(pickHiddenText(undefined, ['zh-CN'], own)).toBe('有新动态');
  });
});
