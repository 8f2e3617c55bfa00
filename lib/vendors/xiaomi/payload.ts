import {
  boolean,
  exactOptional,
  type InferOutput,
  number,
  object,
  pipe,
  string,
  transform,
  union,
} from 'valibot';
import type { JsonObject } from '../../model/json-of';
import {
  oneOf,
  oneOfNumbers,
  openObject,
  rule,
  shownText,
  text,
  textLike,
  webAddress,
  wholeNumber,
} from '../field-schemas';
import { givenFields, readFields } from '../given-fields';
import type { VendorPayload } from '../vendor';
import { templateParam } from './templates';

/** Of a key's value (github.com/modood/pushapi, 2025-07-30, notes from Xiaomi's document). */
const VALUE_CHARACTERS = 1_024;
/** The wire knows nothing but text, so a number is as good. */
const value = exactOptional(
  pipe(
    union([string(), number(), boolean()], 'must be a string'),
    transform(String),
    text(VALUE_CHARACTERS),
  ),
);
const flag = exactOptional(oneOfNumbers(0, 1));
const effect = exactOptional(oneOfNumbers(1, 2, 3));

const buttons = {
  notification_style_button_left_name: value,
  notification_style_button_left_notify_effect: effect,
  notification_style_button_left_intent_uri: value,
  notification_style_button_left_intent_class: value,
  notification_style_button_left_web_uri: value,
  notification_style_button_mid_name: value,
  notification_style_button_mid_notify_effect: effect,
  notification_style_button_mid_intent_uri: value,
  notification_style_button_mid_intent_class: value,
  notification_style_button_mid_web_uri: value,
  notification_style_button_right_name: value,
  notification_style_button_right_notify_effect: effect,
  notification_style_button_right_intent_uri: value,
  notification_style_button_right_intent_class: value,
  notification_style_button_right_web_uri: value,
};

/**
 * Xiaomi's `extra.*` keys that NIM takes at the payload's top level (doc.yunxin.163.com, "推送 payload 配置"), and those of
 * https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1559 (2024-10-21) and of the official Java SDK that no app uses for
 * something else.
 */
const extras = {
  channel_id: value,
  channel_name: value,
  channel_description: value,
  template_id: value,
  template_param: exactOptional(templateParam),
  sound: value,
  sound_uri: value,
  ticker: value,
  notify_foreground: flag,
  notify_effect: effect,
  intent_uri: value,
  web_uri: exactOptional(pipe(webAddress, text(VALUE_CHARACTERS))),
  // checked, but the one that keeps a repeat from showing twice is ours
  jobkey: exactOptional(textLike(/^[0-9A-Za-z-][0-9A-Za-z_-]{0,19}$/, '1 to 20 of 0-9A-Za-z_-')),
  app_version: value,
  app_version_not_in: value,
  connpt: exactOptional(oneOf('wifi')),
  only_send_once: flag,
  flow_control: exactOptional(wholeNumber(1, 1_000_000)),
  notification_style_type: exactOptional(oneOfNumbers(1, 2)),
  notification_large_icon_uri: value,
  notification_bigPic_uri: value,
  notification_small_icon_uri: value,
  notification_small_icon_color: value,
  ...buttons,
};

/** Words that apps may well use for their own data at the top level. */
const extrasOfField = {
  locale: value,
  locale_not_in: value,
  model: value,
  model_not_in: value,
};

const form = object({
  title: exactOptional(shownText),
  description: exactOptional(shownText),
  notify_type: exactOptional(wholeNumber(-1, 7)),
  notify_id: exactOptional(wholeNumber(0, 2 ** 31 - 1)),
});

const schema = pipe(
  givenFields({
    ...extras,
    xiaomiField: exactOptional(openObject({ ...extras, ...extrasOfField, ...form.entries })),
  }),
  rule((given) => {
    const { xiaomiField = {}, ...top } = given;
    const both = { ...top, ...xiaomiField };
    const needed = both.notify_effect === 2 ? 'intent_uri' : 'web_uri';
    if (both.notify_effect === undefined || both.notify_effect === 1 || both[needed]) {
      return undefined;
    }
    return {
      path: xiaomiField.notify_effect ? ['xiaomiField', 'notify_effect'] : ['notify_effect'],
      message: `needs ${needed}`,
    };
  }),
);

/** What of NIM's `pushPayload` is Xiaomi's: keys at its top level, and `xiaomiField`, which wins over them. */
export const payload: VendorPayload = {
  members: ['xiaomiField', ...Object.keys(extras)],
  schema,
};

/** A message's own wishes in Xiaomi's terms. */
export interface XiaomiFields {
  readonly form: InferOutput<typeof form>;
  /** Keys that mean something to Xiaomi. */
  readonly extras: Readonly<Record<string, string>>;
  /** Keys of the app's own. */
  readonly custom: Readonly<Record<string, string>>;
}

const NAMES: ReadonlySet<string> = new Set([...Object.keys(extras), ...Object.keys(extrasOfField)]);

/** What is ours to say: whom it reaches, how long it is kept, what shows once, where receipts go. */
const OURS =
  /^(registration_id|restricted_package_name|time_to_(live|send)|pass_through|payload|collapse_key|jobkey|callback.*)$/;

/** What a notification's fields say; nothing if they are not as they should be. */
export function fieldsOf(fields: JsonObject | undefined): XiaomiFields {
  const { xiaomiField = {}, ...top } = readFields(schema, fields);
  const { title, description, notify_type, notify_id, ...others } = xiaomiField;
  const all = Object.entries({ ...top, ...others }).flatMap(([key, given]) =>
    OURS.test(key) ? [] : [[key, plain(given)] as const],
  );
  return {
    form: {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(notify_type === undefined ? {} : { notify_type }),
      ...(notify_id === undefined ? {} : { notify_id }),
    },
    extras: Object.fromEntries(all.filter(([key]) => NAMES.has(key))),
    custom: Object.fromEntries(all.filter(([key]) => !NAMES.has(key))),
  };
}

/** Whether a key means something to Xiaomi, so that an app's own data must not use it. */
export function isXiaomis(key: string): boolean {
  return NAMES.has(key) || OURS.test(key) || key.startsWith('notification_') || key === 'badge';
}

function plain(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}
