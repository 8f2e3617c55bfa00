import * as v from 'valibot';

const isNoList = v.check<unknown, string>(
  (value) => !Array.isArray(value),
  'a list, not an object',
);

/** A JSON object with these keys and no others; a list, which `strictObject` would take for an empty one, is none. */
export function jsonObject<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.unknown(), isNoList, v.strictObject(entries));
}

/** A JSON object with any keys, and no list. */
export const anyJsonObject = v.pipe(v.unknown(), isNoList, v.record(v.string(), v.unknown()));
