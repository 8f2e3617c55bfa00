import * as v from 'valibot';

/** Four weeks: the longest FCM keeps a message. Source: FCM v1 REST reference, AndroidConfig.ttl. */
const MAX_TTL_SECONDS = 2_419_200;

// absent and null are the same in the JSON form of protocol buffers
const string = v.nullish(v.string());
const boolean = v.nullish(v.boolean());
const integer = v.nullish(v.pipe(v.number(), v.integer()));
const strings = v.nullish(v.array(v.string()));
const map = v.nullish(v.record(v.string(), v.string()));
const struct = v.nullish(v.record(v.string(), v.unknown()));
const secondsText = v.pipe(v.string(), v.regex(/^\d{1,12}(\.\d{1,9})?s$/));
const duration = v.nullish(secondsText);
const ttl = v.nullish(
  v.pipe(
    secondsText,
    v.check((text) => Number.parseFloat(text) <= MAX_TTL_SECONDS),
  ),
);

const color = v.strictObject({
  red: v.nullish(v.number()),
  green: v.nullish(v.number()),
  blue: v.nullish(v.number()),
  alpha: v.nullish(v.number()),
});

const androidNotification = v.strictObject({
  title: string,
  body: string,
  icon: string,
  color: string,
  sound: string,
  tag: string,
  click_action: string,
  body_loc_key: string,
  body_loc_args: strings,
  title_loc_key: string,
  title_loc_args: strings,
  channel_id: string,
  ticker: string,
  sticky: boolean,
  event_time: v.nullish(v.pipe(v.string(), v.isoTimestamp())),
  local_only: boolean,
  notification_priority: v.nullish(
    v.picklist([
      'PRIORITY_UNSPECIFIED',
      'PRIORITY_MIN',
      'PRIORITY_LOW',
      'PRIORITY_DEFAULT',
      'PRIORITY_HIGH',
      'PRIORITY_MAX',
    ]),
  ),
  default_sound: boolean,
  default_vibrate_timings: boolean,
  default_light_settings: boolean,
  vibrate_timings: v.nullish(v.array(secondsText)),
  visibility: v.nullish(
    v.picklist([
      'VISIBILITY_UNSPECIFIED',
      'PRIVATE',
      'PUBLIC',
      'SECRET',
      'private',
      'public',
      'secret',
    ]),
  ),
  notification_count: integer,
  light_settings: v.nullish(
    v.strictObject({
      color: v.nullish(color),
      light_on_duration: duration,
      light_off_duration: duration,
    }),
  ),
  image: string,
  bypass_proxy_notification: boolean,
  proxy: v.nullish(v.picklist(['PROXY_UNSPECIFIED', 'ALLOW', 'DENY', 'IF_PRIORITY_LOWERED'])),
});

const fcmOptions = v.nullish(v.strictObject({ analytics_label: string, analyticsLabel: string }));

const android = v.strictObject({
  collapse_key: string,
  priority: v.nullish(v.picklist(['normal', 'high', 'NORMAL', 'HIGH'])),
  ttl,
  restricted_package_name: string,
  data: map,
  notification: v.nullish(androidNotification),
  fcm_options: fcmOptions,
  fcmOptions,
  direct_boot_ok: boolean,
  bandwidth_constrained_ok: boolean,
  restricted_satellite_ok: boolean,
});

const message = v.strictObject({
  name: string,
  data: map,
  notification: v.nullish(v.strictObject({ title: string, body: string, image: string })),
  android: v.nullish(android),
  webpush: v.nullish(
    v.strictObject({
      headers: map,
      data: map,
      notification: struct,
      fcm_options: v.nullish(v.strictObject({ link: string, analytics_label: string })),
    }),
  ),
  apns: v.nullish(
    v.strictObject({
      headers: map,
      payload: struct,
      fcm_options: v.nullish(v.strictObject({ analytics_label: string, image: string })),
      live_activity_token: string,
    }),
  ),
  fcm_options: fcmOptions,
  fcmOptions,
  token: string,
  topic: string,
  condition: string,
  fid: string,
});

/**
 * The body of `messages:send`: every field of the v1 reference by its wire name, and none besides. Google's reader takes the names
 * in camel case too (protobuf.dev, ProtoJSON format); here only where its own SDK writes them so.
 * Source: firebase.google.com, FCM v1 REST reference, projects.messages.
 */
export const sendRequest = v.strictObject({
  message,
  validate_only: boolean,
  validateOnly: boolean,
});

export type FcmMessage = v.InferOutput<typeof message>;
export type SendIssue = v.InferIssue<typeof sendRequest>;
