import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { parse } from 'valibot';
import { jsonOf } from '../../../lib/model/json-of';
import type { Notification } from '../../../lib/model/notification';
import type { Vendor } from '../../../lib/vendors/vendor';
import { payloadOf } from '../problems-of';
import { notificationFor, PAYLOADS } from './payloads';

/** One payload with the notification it leads to at a vendor. */
export interface GoldenCase {
  readonly name: string;
  readonly notification: Notification;
}

/** All payloads for one vendor. Throws if the vendor's own schema refuses its fields, for then no push would be made. */
export function goldenCases(vendor: Vendor): readonly GoldenCase[] {
  return PAYLOADS.map(({ name, payload }) => {
    const notification = notificationFor(vendor, payload);
    parse(payloadOf(vendor).schema, notification.fields ?? {});
    return { name, notification };
  });
}

/**
 * Compares what is sent for each case, by its name, with `<name>.json` in this folder, as JSON; a difference is shown as one.
 * With `UPDATE_GOLDEN=1` in the environment the file is written instead.
 */
export function compareWithGolden(name: string, value: Readonly<Record<string, unknown>>): void {
  const file = new URL(`${name}.json`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  }
  expect(JSON.parse(JSON.stringify(value))).toEqual(jsonOf(readFileSync(file, 'utf8')));
}
