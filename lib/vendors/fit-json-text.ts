import { fitText } from '../rules/fit-text';

/** Bytes of a text inside a JSON string: UTF-8, with what JSON must escape. */
export function jsonTextBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - '""'.length;
}

/** As much of a text as takes at most `bytes` inside a JSON string, cut between whole characters. */
export function fitJsonText(text: string, bytes: number): string {
  const room = Math.max(0, bytes);
  let limit = room;
  let fitted = fitText(text, limit, 'utf8-bytes');
  let size = jsonTextBytes(fitted);
  while (size > room) {
    // what JSON escapes takes more bytes than its UTF-8: the text's own ratio says how much less will fit
    limit = Math.floor((limit * room) / size);
    fitted = fitText(text, limit, 'utf8-bytes');
    size = jsonTextBytes(fitted);
  }
  return fitted;
}
