import fc from 'fast-check';
import { fitText, type Measure } from '../../lib/rules/fit-text';

const FAMILY = '👨‍👩‍👧‍👦';
const FLAG = '🇨🇳';
const ACCENTED = 'e\u0301\u0323';

test.each<[string, string, number, Measure, string]>([
  ['a short text stays', 'hello', 5, 'characters', 'hello'],
  ['an empty text stays', '', 0, 'characters', ''],
  ['a long one ends in an ellipsis', 'hello!', 5, 'characters', 'hell…'],
  ['Chinese counts one each', '你好世界', 4, 'characters', '你好世界'],
  ['Chinese is cut between characters', '你好世界', 3, 'characters', '你好…'],
  ['Chinese takes three bytes each', '你好世界', 11, 'utf8-bytes', '你好…'],
  ['a text of just as many bytes stays', '你好世界', 12, 'utf8-bytes', '你好世界'],
  ['Latin and Greek letters', 'aéλ', 5, 'utf8-bytes', 'aéλ'],
  ['an emoji is one character', '😀😀😀', 3, 'characters', '😀😀😀'],
  ['an emoji takes four bytes', '😀😀😀', 11, 'utf8-bytes', '😀😀…'],
  ['a flag is not halved', `a${FLAG}`, 2, 'characters', 'a…'],
  ['a family is not torn apart', `a${FAMILY}b`, 8, 'characters', 'a…'],
  ['a letter keeps its accents', `${ACCENTED}${ACCENTED}`, 4, 'characters', `${ACCENTED}…`],
  ['one character is left for the ellipsis', 'hello', 1, 'characters', '…'],
  ['two bytes are too few for one', 'hello', 2, 'utf8-bytes', 'he'],
  ['nothing fits into nothing', 'hello', 0, 'characters', ''],
])('%s', (_name, text, limit, measure, expected) => {
  expect(fitText(text, limit, measure)).toBe(expected);
});

describe('for any text', () => {
  const anyCharacter = fc
    .integer({ min: 0, max: 0x10_ffff })
    .map((codePoint) => String.fromCodePoint(codePoint))
    .filter((character) => character.isWellFormed());
  const piece = fc.oneof(
    fc.constantFrom(FAMILY, FLAG, ACCENTED, '你', '👍🏽', '한', '…', '\r\n'),
    anyCharacter,
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const limit = fc.nat(40);
  const measure = fc.constantFrom<Measure[]>('characters', 'utf8-bytes');
  const sizeOf = (value: string, by: Measure) =>
    by === 'characters' ? [...value].length : Buffer.byteLength(value);

  test('it is within the limit, and fitting it again changes nothing', () => {
    fc.assert(
      fc.property(text, limit, measure, (value, atMost, by) => {
        const fitted = fitText(value, atMost, by);

        expect(sizeOf(fitted, by)).toBeLessThanOrEqual(atMost);
        expect(fitText(fitted, atMost, by)).toBe(fitted);
      }),
    );
  });

  test('it is the text, or its beginning up to the end of a character', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(text, limit, measure, (value, atMost, by) => {
        const fitted = fitText(value, atMost, by);

        const ends = [...graphemes.segment(value)].map(
          ({ index, segment }) => index + segment.length,
        );
        const beginnings = [0, ...ends].map((end) => value.slice(0, end));
        const allowed = sizeOf(value, by) <= atMost ? [value] : beginnings;
        expect(allowed).toContain(
          fitted === value || atMost < sizeOf('…', by) ? fitted : fitted.slice(0, -1),
        );
        expect(fitted.isWellFormed()).toBe(true);
      }),
    );
  });

  test('a lone half of a pair is one character, and no pair is made or broken', () => {
    expect(fitText('\ud83d\ud83dabc', 4, 'characters')).toBe('\ud83d\ud83da…');
    expect(fitText('\ud83dabc', 5, 'utf8-bytes')).toBe('…');
  });
});
