import * as v from 'valibot';
import { VENDOR_IDS } from '../model/vendor-id';
import { isTimeZone } from '../rules/time-zone';

/** Schemas of the fields that calls share. Every message completes "this field …". */

const ID = /^[^/\p{Cc}]+$/u;

/** A database takes no half of a surrogate pair. */
const wellFormed = v.check((text: string) => text.isWellFormed(), 'must be well-formed Unicode');

/** Ids have 1 to 128 characters, no control characters, no `/`. */
export const idField = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(128, 'must have at most 128 characters'),
  v.regex(ID, 'must hold no control characters and no /'),
  wellFormed,
);

/** Certificate names have 1 to 32 Unicode code points, no control characters, no `/`. */
export const certificateNameField = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.check((name) => [...name].length <= 32, 'must have at most 32 characters'),
  v.regex(ID, 'must hold no control characters and no /'),
  v.check((name) => name.trim() !== '', 'must not be blank'),
  wellFormed,
);

/** Milliseconds since 1970. */
export const timeField = v.pipe(
  v.number(),
  v.integer('must be whole milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(8_640_000_000_000_000, 'is too far ahead'),
);

/** An IANA name or an offset. */
export const timeZoneField = v.pipe(
  v.string(),
  v.maxLength(64, 'must have at most 64 characters'),
  v.check(isTimeZone, 'must be a time zone such as Asia/Shanghai'),
);

/** How long a message may wait, in seconds; vendors keep none for longer than four weeks. */
export const ttlField = v.pipe(
  v.number(),
  v.integer('must be whole seconds'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(2_419_200, 'must be at most 2419200'),
);

/** As long as a queue can hold a job back. */
const MAX_UNACKED_MS = 900_000;

/** How long to wait for a device's acknowledgement before it is pushed to, in milliseconds. */
export const unackedField = v.pipe(
  v.number(),
  v.integer('must be whole milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(MAX_UNACKED_MS, `must be at most ${MAX_UNACKED_MS}`),
);

/** Where an answer in pages goes on: how much was told before. */
export const cursorField = v.pipe(
  v.string(),
  v.regex(/^\d{1,7}$/, 'must be what the page before gave as next'),
  v.transform(Number),
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
