import * as v from 'valibot';

const string = v.optional(v.string());
const boolean = v.optional(v.boolean());
const integer = v.pipe(v.number(), v.integer());
const strings = v.optional(v.array(v.string()));
const https = v.optional(v.pipe(v.string(), v.regex(/^https:\/\/\S+$/), v.url()));
const rawFile = v.optional(v.pipe(v.string(), v.regex(/^\/raw\/\S+$/)));
const maxLength = (length: number) => v.optional(v.pipe(v.string(), v.maxLength(length)));
const between = (min: number, max: number) =>
  v.optional(v.pipe(integer, v.minValue(min), v.maxValue(max)));
const openObject = v.optional(v.record(v.string(), v.unknown()));

/** Categories an app can ask for, of v1 and v2; one the table of the API does not have is refused. */
const CATEGORIES = [
  'IM',
  'VOIP',
  'SUBSCRIPTION',
  'TRAVEL',
  'HEALTH',
  'WORK',
  'ACCOUNT',
  'EXPRESS',
  'FINANCE',
  'DEVICE_REMINDER',
  'MAIL',
  'PLAY_VOICE',
  'MARKETING',
] as const;

const clickAction = v.strictObject({
  type: v.picklist([1, 2, 3]),
  intent: string,
  action: string,
  url: https,
});

const badge = v.strictObject({
  class: v.pipe(v.string(), v.nonEmpty()),
  add_num: between(1, 99),
  set_num: between(0, 99),
});

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const lightDuration = v.pipe(v.string(), v.regex(/^\d{1,9}(\.\d{1,9})?[sS]?$/));

const lightSettings = v.strictObject({
  color: v.strictObject({ alpha: share, red: share, green: share, blue: share }),
  light_on_duration: lightDuration,
  light_off_duration: lightDuration,
});

const vibration = v.pipe(
  v.string(),
  v.regex(/^\d{1,2}(\.\d{1,9})?[sS]?$/),
  v.check((text) => Number.parseFloat(text) > 0 && Number.parseFloat(text) <= 60),
);

const languages = v.pipe(
  v.record(v.string(), v.string()),
  v.check((texts) => Object.keys(texts).length <= 3, 'at most 3 languages'),
);

const button = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(40)),
  action_type: v.picklist([0, 1, 2, 3, 4]),
  intent_type: v.optional(v.picklist([0, 1])),
  intent: string,
  data: maxLength(1_024),
});

const androidNotification = v.strictObject({
  title: string,
  body: string,
  click_action: v.optional(clickAction),
  icon: rawFile,
  color: v.optional(v.pipe(v.string(), v.regex(/^#[0-9A-Fa-f]{6}$/))),
  sound: rawFile,
  default_sound: boolean,
  tag: string,
  notify_id: between(-1, 2_147_483_647),
  group: string,
  channel_id: string,
  importance: v.optional(v.picklist(['LOW', 'NORMAL'])),
  style: v.optional(v.picklist([0, 1, 3])),
  big_title: string,
  big_body: string,
  inbox_content: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(1_024))), v.minLength(1), v.maxLength(5)),
  ),
  image: https,
  badge: v.optional(badge),
  foreground_show: boolean,
  visibility: v.optional(v.picklist(['VISIBILITY_UNSPECIFIED', 'PUBLIC', 'SECRET', 'PRIVATE'])),
  when: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
  ),
  notify_summary: string,
  ticker: string,
  use_default_vibrate: boolean,
  use_default_light: boolean,
  vibrate_config: v.optional(v.pipe(v.array(vibration), v.maxLength(10))),
  light_settings: v.optional(lightSettings),
  title_loc_key: string,
  title_loc_args: strings,
  body_loc_key: string,
  body_loc_args: strings,
  multi_lang_key: v.optional(v.record(v.string(), languages)),
  profile_id: maxLength(64),
  buttons: v.optional(v.pipe(v.array(button), v.maxLength(3))),
});

const android = v.strictObject({
  collapse_key: v.optional(integer),
  ttl: string,
  urgency: v.optional(v.picklist(['HIGH', 'NORMAL'])),
  category: v.optional(v.picklist(CATEGORIES)),
  bi_tag: string,
  receipt_id: string,
  target_user_type: v.optional(v.picklist([0, 1])),
  data: string,
  fast_app_target: v.optional(v.picklist([1, 2])),
  notification: v.optional(androidNotification),
});

const message = v.strictObject({
  token: v.optional(v.array(v.string())),
  topic: v.optional(v.pipe(v.string(), v.nonEmpty())),
  condition: v.optional(v.pipe(v.string(), v.nonEmpty())),
  data: string,
  notification: v.optional(v.strictObject({ title: string, body: string, image: https })),
  android: v.optional(android),
  apns: openObject,
  webpush: openObject,
});

/**
 * The body of `messages:send` in v1 and v2: every field by its name, and none besides. null is no value.
 * Source: developer.huawei.com, HMSCore-References/https-send-api-0000001050986197, 2025-08.
 */
export const sendRequest = v.strictObject({
  validate_only: boolean,
  message,
  review: v.optional(
    v.array(
      v.strictObject({
        reviewer: v.literal('tuibian'),
        type: v.literal(0),
        result: v.record(v.string(), v.unknown()),
      }),
    ),
  ),
});

/** A well-formed message of v1 or v2. */
export type HuaweiMessage = v.InferOutput<typeof message>;
