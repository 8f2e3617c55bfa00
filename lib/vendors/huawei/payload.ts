import { check, exactOptional, type InferOutput, number, pipe, record, string } from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  type FieldProblem,
  oneOf,
  openObject,
  rule,
  shownText,
  text,
  textLike,
  texts,
  truth,
} from '../field-schemas';
import {
  givenFields,
  integer,
  jsonText,
  listOf,
  readFields,
  secureAddress,
  utcTime,
} from '../given-fields';
import type { VendorPayload } from '../vendor';
import { SERVICE_CATEGORIES } from './categories';

const anyText = exactOptional(text());
const flag = exactOptional(truth);
const address = exactOptional(secureAddress);
const rawFile = exactOptional(textLike(/^\/raw\/\S+$/, 'like "/raw/name"'));
const share = exactOptional(
  pipe(
    number('must be a number of 0 to 1'),
    check((value) => value >= 0 && value <= 1, 'must be a number of 0 to 1'),
  ),
);
const duration = exactOptional(textLike(/^\d{1,9}(\.\d{1,9})?[sS]?$/, 'seconds like "1.5S"'));
const vibration = pipe(
  textLike(/^\d{1,2}(\.\d{1,9})?[sS]?$/, 'seconds like "1.5S"'),
  check((value) => Number.parseFloat(value) > 0, 'must be more than 0 seconds'),
  check((value) => Number.parseFloat(value) <= 60, 'must be at most 60 seconds'),
);
const languages = pipe(
  record(string(), string('must be a string'), 'must be an object'),
  check((value) => Object.keys(value).length <= 3, 'must have at most 3 languages'),
);

/** `androidConfig` of `hwField`, and `android` of a pass-through message: Huawei's level `android`. */
const config = {
  collapse_key: exactOptional(integer(-1, 100)),
  urgency: exactOptional(oneOf('HIGH', 'NORMAL')),
  ttl: exactOptional(
    pipe(
      textLike(/^\d{1,9}s$/, 'seconds like "86400s"'),
      check((ttl) => isWithin(ttl, 1, 1_296_000), 'must be "1s" to "1296000s"'),
    ),
  ),
  bi_tag: anyText,
  receipt_id: anyText,
  target_user_type: exactOptional(oneOf(0, 1)),
  fast_app_target: exactOptional(oneOf(1, 2)),
};

const button = openObject({
  name: exactOptional(text(40)),
  action_type: exactOptional(oneOf(0, 1, 2, 3, 4)),
  intent_type: exactOptional(oneOf(0, 1)),
  intent: anyText,
  data: exactOptional(text(1_024)),
});

const notification = openObject({
  title: exactOptional(shownText),
  body: exactOptional(shownText),
  click_action: exactOptional(
    openObject({
      type: exactOptional(oneOf(1, 2, 3)),
      intent: anyText,
      action: anyText,
      url: address,
    }),
  ),
  icon: rawFile,
  color: exactOptional(textLike(/^#[0-9A-Fa-f]{6}$/, 'like "#336699"')),
  sound: rawFile,
  default_sound: flag,
  tag: anyText,
  notify_id: exactOptional(integer(-1, 2 ** 31 - 1)),
  group: anyText,
  channel_id: anyText,
  importance: exactOptional(oneOf('LOW', 'NORMAL')),
  style: exactOptional(oneOf(0, 1, 3)),
  big_title: anyText,
  big_body: anyText,
  inbox_content: exactOptional(listOf(text(1_024), 5)),
  image: address,
  badge: exactOptional(
    openObject({
      class: anyText,
      add_num: exactOptional(integer(1, 99)),
      set_num: exactOptional(integer(0, 99)),
    }),
  ),
  foreground_show: flag,
  visibility: exactOptional(oneOf('VISIBILITY_UNSPECIFIED', 'PUBLIC', 'SECRET', 'PRIVATE')),
  when: exactOptional(utcTime),
  notify_summary: anyText,
  ticker: anyText,
  use_default_vibrate: flag,
  use_default_light: flag,
  vibrate_config: exactOptional(listOf(vibration, 10)),
  light_settings: exactOptional(
    openObject({
      color: exactOptional(openObject({ alpha: share, red: share, green: share, blue: share })),
      light_on_duration: duration,
      light_off_duration: duration,
    }),
  ),
  title_loc_key: anyText,
  title_loc_args: exactOptional(texts),
  body_loc_key: anyText,
  body_loc_args: exactOptional(texts),
  multi_lang_key: exactOptional(record(string(), languages, 'must be an object')),
  profile_id: exactOptional(text(64)),
  buttons: exactOptional(listOf(button, 3)),
  androidConfig: exactOptional(
    openObject({
      ...config,
      category: exactOptional(oneOf(...SERVICE_CATEGORIES, 'MARKETING')),
      data: exactOptional(jsonText),
    }),
  ),
});

/** https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197 (2025-08). */
const schema = givenFields({
  hwField: exactOptional(pipe(notification, rule(problemOf))),
  hwPassThroughField: exactOptional(
    openObject({
      data: anyText,
      android: exactOptional(
        openObject({
          ...config,
          category: exactOptional(oneOf(...SERVICE_CATEGORIES, 'PLAY_VOICE', 'MARKETING')),
          data: anyText,
        }),
      ),
    }),
  ),
});

/**
 * What of NIM's `pushPayload` is Huawei's (doc.yunxin.163.com, "推送 payload 配置"): `hwField`, its `android.notification` with
 * `android` in `androidConfig`, and `hwPassThroughField`, a message for the app alone, which wins.
 */
export const payload: VendorPayload = { members: ['hwField', 'hwPassThroughField'], schema };

/** A message's own wishes in Huawei's terms. */
export type HuaweiFields = InferOutput<typeof schema>;
export type NotificationFields = InferOutput<typeof notification>;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): HuaweiFields {
  return readFields(schema, fields);
}

/** What only several members together show. */
function problemOf(fields: NotificationFields): FieldProblem | undefined {
  const { click_action, style, big_title, big_body, inbox_content, light_settings } = fields;
  if (click_action !== undefined) {
    const { type, intent, action, url } = click_action;
    if (type === undefined) return { path: ['click_action'], message: 'must have a type' };
    const path = ['click_action', 'type'] as const;
    if (type === 1 && !(intent || action)) return { path, message: 'needs intent or action' };
    if (type === 2 && !url) return { path, message: 'needs url' };
  }
  if (style === 1 && !(big_title && big_body)) {
    return { path: ['style'], message: 'needs big_title and big_body' };
  }
  if (style === 3 && inbox_content === undefined) {
    return { path: ['style'], message: 'needs inbox_content' };
  }
  if (light_settings !== undefined) {
    const { color, light_on_duration, light_off_duration } = light_settings;
    if (!(color && light_on_duration && light_off_duration)) {
      const message = 'must have color, light_on_duration and light_off_duration';
      return { path: ['light_settings'], message };
    }
  }
  const { buttons = [] } = fields;
  const index = buttons.findIndex(({ name, action_type, intent_type, intent }) => {
    const opensPage = action_type === 1;
    return (
      !name || action_type === undefined || (opensPage && !(intent_type !== undefined && intent))
    );
  });
  return index < 0
    ? undefined
    : {
        path: ['buttons', String(index)],
        message: 'must have name and action_type, to open a page also intent_type and intent',
      };
}

function isWithin(seconds: string, least: number, most: number): boolean {
  const value = Number.parseInt(seconds, 10);
  return value >= least && value <= most;
}
