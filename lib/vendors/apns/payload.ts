import { check, exactOptional, type InferOutput, lazy, number, pipe } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  type FieldProblem,
  oneOf,
  openObject,
  rule,
  shownText,
  text,
  texts,
} from '../field-schemas';
import { givenFields, integer, readFields } from '../given-fields';
import type { VendorPayload } from '../vendor';

const anyText = exactOptional(text());
const flag = exactOptional(oneOf(0, 1));

const alert = openObject({
  title: exactOptional(shownText),
  subtitle: exactOptional(shownText),
  body: exactOptional(shownText),
  'launch-image': anyText,
  'title-loc-key': anyText,
  'title-loc-args': exactOptional(texts),
  'subtitle-loc-key': anyText,
  'subtitle-loc-args': exactOptional(texts),
  'loc-key': anyText,
  'loc-args': exactOptional(texts),
});

const sound = openObject({
  critical: flag,
  name: anyText,
  volume: exactOptional(
    pipe(
      number('must be a number of 0 to 1'),
      check((volume) => volume >= 0 && volume <= 1, 'must be a number of 0 to 1'),
    ),
  ),
});

/** https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification (checked 2026-11-24). */
const aps = openObject({
  alert: exactOptional(lazy((given) => (typeof given === 'string' ? shownText : alert))),
  badge: exactOptional(integer(0, 2 ** 31 - 1)),
  sound: exactOptional(lazy((given) => (typeof given === 'string' ? text() : sound))),
  'thread-id': anyText,
  category: anyText,
  'content-available': flag,
  'mutable-content': flag,
  'target-content-id': anyText,
  'interruption-level': exactOptional(oneOf('passive', 'active', 'time-sensitive', 'critical')),
  'relevance-score': exactOptional(number('must be a number')),
  'filter-criteria': anyText,
});

const schema = givenFields({ apsField: exactOptional(pipe(aps, rule(problemOf))) });

/** What of NIM's `pushPayload` is Apple's (doc.yunxin.163.com, "推送 payload 配置"): `apsField`, the members of `aps`. */
export const payload: VendorPayload = { members: ['apsField'], schema };

/** A message's own wishes in Apple's terms. */
export type ApsFields = InferOutput<typeof aps>;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): ApsFields {
  return readFields(schema, fields).apsField ?? {};
}

function problemOf({ sound: given }: ApsFields): FieldProblem | undefined {
  return typeof given === 'object' && !given.name
    ? { path: ['sound'], message: 'must have a name' }
    : undefined;
}
