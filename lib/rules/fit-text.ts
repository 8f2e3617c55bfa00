/**
 * How a vendor counts a text: Unicode code points, units of UTF-16 (an emoji counts 2), bytes of UTF-8, or
 * widths, where a Latin letter counts 1 and a Chinese character, like anything else that is not Latin, 2.
 */
export type Measure = 'characters' | 'utf16-units' | 'utf8-bytes' | 'widths';

const ELLIPSIS = '…';

const SIZE_OF: Readonly<Record<Measure, (text: string) => number>> = {
  characters: countCharacters,
  'utf16-units': (text) => text.length,
  'utf8-bytes': countBytes,
  widths: countWidths,
};

/** No UTF-16 unit takes more of the measure than this. */
const MOST_PER_UNIT: Readonly<Record<Measure, number>> = {
  characters: 1,
  'utf16-units': 1,
  'utf8-bytes': 3,
  widths: 2,
};

/**
 * The text if it is within the limit, else as much of it as fits with an ellipsis (if that fits itself).
 * Cut between what a user sees as characters: a flag, a family emoji, a letter with its accents.
 */
export function fitText(text: string, limit: number, measure: Measure): string {
  const sizeOf = SIZE_OF[measure];
  if (text.length * MOST_PER_UNIT[measure] <= limit || sizeOf(text) <= limit) {
    return text;
  }
  const ending = sizeOf(ELLIPSIS) <= limit ? ELLIPSIS : '';
  let room = limit - sizeOf(ending);
  let end = 0;
  for (const { segment } of graphemesOf(text)) {
    room -= sizeOf(segment);
    if (room < 0) {
      break;
    }
    end += segment.length;
  }
  return text.slice(0, end) + ending;
}

/** Made when a text first has to be cut: loading its tables takes 20 ms. */
let segmenter: Intl.Segmenter | undefined;

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

const LAST_LATIN = 0xff;

function countWidths(text: string): number {
  let widths = 0;
  for (const character of text) {
    widths += (character.codePointAt(0) ?? 0) > LAST_LATIN ? 2 : 1;
  }
  return widths;
}

function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character);
  }
  return bytes;
}

/** Of one code point; half of a broken pair is sent as the replacement character. */
function bytesOf(character: string): number {
  if (character.length === 2) {
    return 4;
  }
  const unit = character.charCodeAt(0);
  if (unit < 0x80) {
    return 1;
  }
  return unit < 0x800 ? 2 : 3;
}
