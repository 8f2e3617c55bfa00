/** How a vendor counts a text: Unicode code points, or bytes of UTF-8. */
export type Measure = 'characters' | 'utf8-bytes';

const ELLIPSIS = '…';

const SIZE_OF: Readonly<Record<Measure, (text: string) => number>> = {
  characters: countCharacters,
  'utf8-bytes': countBytes,
};

/** No UTF-16 unit takes more of the measure than this. */
const MOST_PER_UNIT: Readonly<Record<Measure, number>> = { characters: 1, 'utf8-bytes': 3 };

/**
 * The text if it is within the limit, else as much of it as fits with an ellipsis (if that fits itself).
 * Cut between what a user sees as characters: a flag, a family emoji, a letter with its accents.
 */
export function fitText(text: string, limit: number, measure: Measure): string {
  const sizeOf = SIZE_OF[measure];
  if (text.length * MOST_PER_UNIT[measure] <= limit || sizeOf(text) <= limit) {
    return text;
  }
  // made only here: the first one takes 20 ms to load its tables
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const ending = sizeOf(ELLIPSIS) <= limit ? ELLIPSIS : '';
  let room = limit - sizeOf(ending);
  let end = 0;
  for (const { segment } of graphemes.segment(text)) {
    room -= sizeOf(segment);
    if (room < 0) {
      break;
    }
    end += segment.length;
  }
  return text.slice(0, end) + ending;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character.codePointAt(0) ?? 0);
  }
  return bytes;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  return codePoint < 0x1_0000 ? 3 : 4;
}
