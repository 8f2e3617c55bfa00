import type { AndroidNotification } from 'firebase-admin/messaging';
import {
  array,
  check,
  exactOptional,
  type InferOutput,
  minLength,
  number,
  type ObjectSchema,
  picklist,
  pipe,
  string,
  transform,
} from 'valibot';
import {
  knownObject,
  rule,
  shownText,
  textLike,
  texts,
  truth,
  wholeNumber,
} from '../field-schemas';

/** More than any count on an icon. */
const MOST_COUNTED = 2 ** 31 - 1;

const text = exactOptional(string('must be a string'));
const strings = exactOptional(texts);
const flag = exactOptional(truth);

/** A word of an enum, with or without its prefix, as the SDK has it. */
function word<const Word extends string>(prefix: string, ...words: readonly Word[]) {
  const named = words.map((one) => prefix + one.toUpperCase()).join(', ');
  return exactOptional(
    pipe(
      string('must be a string'),
      transform((value) => value.toUpperCase().replace(prefix, '').toLowerCase()),
      picklist(words, `must be one of ${named}`),
    ),
  );
}

/** `3.5s`, in milliseconds. */
const duration = pipe(
  textLike(/^\d{1,6}(\.\d{1,9})?s$/, 'a duration as in 3.5s'),
  transform((value) => Math.round(Number(value.slice(0, -1)) * 1_000)),
);

/** The SDK refuses some addresses that are good ones (firebase-admin 14.5.1, `isURL`), and the message with them. */
export const imageAddress = pipe(
  string('must be a string'),
  check(isImageAddress, 'must be an http or https URL'),
);

function isImageAddress(value: string): boolean {
  if (/[^\w:/?#[\]@!$&'()*+,;=.\-~%]/.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, pathname } = new URL(value);
  const isName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(hostname);
  const isPath = /^(\/[\w\-.~!$'()*+,;=:@%]+)*\/?$/.test(pathname);
  return /^https?:$/.test(protocol) && isName && isPath;
}

const channel = exactOptional(
  pipe(
    number('must be a number'),
    check((value) => value >= 0 && value <= 1, 'must be 0 to 1'),
  ),
);

const lights = pipe(
  knownObject({
    color: exactOptional(
      knownObject({ red: channel, green: channel, blue: channel, alpha: channel }),
    ),
    light_on_duration: exactOptional(duration),
    light_off_duration: exactOptional(duration),
  }),
  rule((given) => {
    const isWhole =
      given.color && [given.light_on_duration, given.light_off_duration].every(isGiven);
    const [first = ''] = Object.keys(given);
    return isWhole || first === ''
      ? undefined
      : { path: [first], message: 'needs all of color, light_on_duration and light_off_duration' };
  }),
  transform(({ color = {}, light_on_duration = 0, light_off_duration = 0 }) => ({
    color: `#${[color.red, color.green, color.blue, color.alpha ?? 1].map(hexOf).join('')}`,
    lightOnDurationMillis: light_on_duration,
    lightOffDurationMillis: light_off_duration,
  })),
);

function isTimestamp(value: string): boolean {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  return pattern.test(value) && !Number.isNaN(Date.parse(value));
}

function isGiven(value: number | undefined): boolean {
  return value !== undefined;
}

function hexOf(share = 0): string {
  return Math.round(share * 255)
    .toString(16)
    .padStart(2, '0');
}

/**
 * Members of an Android notification by their names on the wire; values become the SDK's.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages (checked 2026-11-24), AndroidNotification.
 */
export const androidNotification = {
  title: exactOptional(shownText),
  body: exactOptional(shownText),
  icon: text,
  color: exactOptional(textLike(/^#[0-9a-f]{6}$/i, 'a color as in #336699')),
  sound: text,
  tag: text,
  click_action: text,
  body_loc_key: text,
  body_loc_args: strings,
  title_loc_key: text,
  title_loc_args: strings,
  channel_id: text,
  ticker: text,
  sticky: flag,
  event_time: exactOptional(
    pipe(
      string('must be a string'),
      check(isTimestamp, 'must be a time as in 2026-01-31T08:00:00Z'),
      transform((value) => new Date(value)),
    ),
  ),
  local_only: flag,
  notification_priority: word('PRIORITY_', 'min', 'low', 'default', 'high', 'max'),
  default_sound: flag,
  default_vibrate_timings: flag,
  default_light_settings: flag,
  vibrate_timings: exactOptional(
    pipe(array(duration, 'must be a list'), minLength(1, 'must not be empty')),
  ),
  visibility: word('', 'private', 'public', 'secret'),
  notification_count: exactOptional(wholeNumber(0, MOST_COUNTED)),
  light_settings: exactOptional(lights),
  image: exactOptional(imageAddress),
  proxy: word('', 'allow', 'deny', 'if_priority_lowered'),
};

type Given = InferOutput<ObjectSchema<typeof androidNotification, undefined>>;

/** The same by the SDK's names, without texts, which are to be fitted. */
export function sdkNotification(given: Given): AndroidNotification {
  const { icon, color, sound, tag, ticker, sticky, visibility, proxy } = given;
  return defined({
    icon,
    color,
    sound,
    tag,
    ticker,
    sticky,
    visibility,
    proxy,
    clickAction: given.click_action,
    bodyLocKey: given.body_loc_key,
    bodyLocArgs: given.body_loc_args,
    titleLocKey: given.title_loc_key,
    titleLocArgs: given.title_loc_args,
    channelId: given.channel_id,
    eventTimestamp: given.event_time,
    localOnly: given.local_only,
    priority: given.notification_priority,
    defaultSound: given.default_sound,
    defaultVibrateTimings: given.default_vibrate_timings,
    defaultLightSettings: given.default_light_settings,
    vibrateTimingsMillis: given.vibrate_timings,
    notificationCount: given.notification_count,
    lightSettings: given.light_settings,
    imageUrl: given.image,
  });
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The members that have a value; the SDK tells those that are undefined from those that are absent. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Defined<Fields> = { ...fields };
  for (const name in kept) {
    if (kept[name] === undefined) delete kept[name];
  }
  return kept;
}
