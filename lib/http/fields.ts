import * as v from 'valibot';
import { VENDOR_IDS } from '../model/vendor-id';

/** Schemas of the fields that calls share. Every message completes "this field …". */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const ID = /^[^/\u0000-\u001f\u007f]+$/u;

/** Ids have 1 to 128 characters, no control characters, no `/`. */
export const idField = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(128, 'must have at most 128 characters'),
  v.regex(ID, 'must hold no control characters and no /'),
);

/** Certificate names have 1 to 32 Unicode code points, no control characters, no `/`. */
export const certificateNameField = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.check((name) => [...name].length <= 32, 'must have at most 32 characters'),
  v.regex(ID, 'must hold no control characters and no /'),
  v.check((name) => name.trim() !== '', 'must not be blank'),
);

/** Milliseconds since 1970. */
export const timeField = v.pipe(
  v.number(),
  v.integer('must be whole milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(8_640_000_000_000_000, 'is too far ahead'),
);

/** A text of at most `limit` characters. */
export function textField(limit: number) {
  return v.pipe(v.string(), v.maxLength(limit, `must have at most ${limit} characters`));
}

/** A text of 1 to `limit` characters. */
export function filledField(limit: number) {
  return v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(limit, `must have at most ${limit} characters`),
  );
}

export const vendorField = v.picklist(VENDOR_IDS);

/** Vendor tokens are opaque; none is longer than 4096 characters. */
export const tokenField = filledField(4096);
