import type { AndroidConfig, AndroidNotification, TokenMessage } from 'firebase-admin/messaging';
import type { Notification, NotificationAlert } from '../../model/notification';
import { SECOND_MS } from '../../model/time';
import { fitText } from '../../rules/fit-text';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import { defined, sdkNotification } from './android-notification';
import limitsJson from './limits.json' with { type: 'json' };
import { type FcmFields, fieldsOf, RESERVED_KEY } from './payload';

const limits = readLimits(limitsJson);

/** More of a title is on no phone's screen; the body gets the rest of the payload. */
const TITLE_BYTES = 512;

/** What leaves less than this for the texts is left out: the notification is what the push is for. */
const TEXTS_BYTES = 1_024;

/** What Google may count besides the names and values we know of. */
const RESERVE_BYTES = 256;

/** The most a duration and a light take on the wire, where the SDK writes them anew. */
const TIMING_BYTES = 24;
const LIGHTS_BYTES = 256;

/** A message in the SDK's terms, but for the token. */
export type FcmContent = Omit<TokenMessage, 'token'>;

type Data = Readonly<Record<string, string>>;

const NO_FIELDS: FcmFields = { fcmField: {}, message: {} };

/**
 * A notification in the SDK's terms, at most 4096 bytes of names and values. The tag makes a repeat replace the shown notification.
 * There is no collapse key of our own: of collapsible messages a phone takes 20 in a burst, then one in three minutes.
 * What the fields say wins, but for the token, the package and how long the message is kept.
 */
export function contentOf(request: SendRequest, packageName: string | undefined): FcmContent {
  const { data, fields } = request.notification;
  const given = fieldsOf(fields);
  const own = Object.fromEntries(Object.entries(data).filter(([key]) => !RESERVED_KEY.test(key)));
  const whole = partsOf(request, given, own);
  const smaller = [
    () => partsOf(request, given, {}),
    () => partsOf(request, NO_FIELDS, own),
    () => partsOf(request, NO_FIELDS, {}),
  ];
  const parts = smaller.reduce((tried, next) => (tried.room < TEXTS_BYTES ? next() : tried), whole);
  return assembled(parts, configOf(request, given, packageName));
}

/** What takes room in a message. */
interface Parts {
  /** Absent in a message that only the app sees. */
  readonly shown?: AndroidNotification;
  readonly data: Data;
  /** Absent where the phone is to find the text by its key. */
  readonly title?: string;
  readonly body?: string;
  /** Bytes left for the texts. */
  readonly room: number;
}

function partsOf(request: SendRequest, { fcmField, message }: FcmFields, custom: Data): Parts {
  const { notification } = request;
  const data = { ...custom, ...message.data, ...message.android?.data };
  const shown = shownOf(request, { fcmField, message });
  const isShown = message.needNotification !== false;
  const taken = bytesOf(data) + (isShown ? shownBytes(shown) : 0);
  return {
    ...(isShown ? { shown } : {}),
    data,
    ...textsOf(notification, { fcmField, message }, isShown),
    room: limits.payloadBytes - RESERVE_BYTES - taken,
  };
}

/** A text on the wire wins over the key of one in the app, so ours give way to a key (Firebase's Android SDK). */
function textsOf(
  { title, body }: Notification,
  { fcmField, message }: FcmFields,
  isShown: boolean,
): Pick<Parts, 'title' | 'body'> {
  const given = { ...fcmField, ...message.notification, ...message.android?.notification };
  return defined({
    title: given.title ?? (isShown && given.title_loc_key ? undefined : title),
    body: given.body ?? (isShown && given.body_loc_key ? undefined : body),
  });
}

function assembled({ shown, data, ...texts }: Parts, config: AndroidConfig): FcmContent {
  const { title = '', body } = texts;
  const named = isVisible(title) ? { title: fitText(title, TITLE_BYTES, 'utf8-bytes') } : {};
  const text = body === undefined ? '' : ([body, title].find(isVisible) ?? '…');
  const bodyBytes = texts.room - bytesOf(named) - bytesOf({ body: '' });
  const fitted = {
    ...named,
    ...(text === '' ? {} : { body: fitText(text, bodyBytes, 'utf8-bytes') }),
  };
  if (shown === undefined) {
    return { data: { ...fitted, ...data }, android: config };
  }
  return {
    notification: fitted,
    ...(Object.keys(data).length === 0 ? {} : { data }),
    android: { ...config, notification: shown },
  };
}

function configOf(
  { notification, ttlSeconds }: SendRequest,
  { fcmField, message }: FcmFields,
  packageName: string | undefined,
): AndroidConfig {
  const { android = {} } = message;
  const analyticsLabel =
    android.fcm_options?.analytics_label ??
    message.fcm_options?.analytics_label ??
    fcmField.analytics_label;
  const isUrgent = (android.priority ?? notification.urgency).toLowerCase() === 'high';
  return {
    priority: isUrgent ? 'high' : 'normal',
    ttl: Math.min(ttlSeconds, limits.maxTtlSeconds) * SECOND_MS,
    ...defined({
      restrictedPackageName: packageName,
      collapseKey: android.collapse_key,
      directBootOk: android.direct_boot_ok,
      bandwidthConstrainedOk: android.bandwidth_constrained_ok,
      restrictedSatelliteOk: android.restricted_satellite_ok,
      fcmOptions: analyticsLabel === undefined ? undefined : { analyticsLabel },
    }),
  };
}

/** All of the notification on the phone but its texts. */
function shownOf(
  { notification, messageClass }: SendRequest,
  { fcmField, message }: FcmFields,
): AndroidNotification {
  const { android_channel_id, analytics_label: _, ...legacy } = fcmField;
  const image = message.notification?.image;
  const given = sdkNotification({
    ...(android_channel_id === undefined ? {} : { channel_id: android_channel_id }),
    ...legacy,
    ...(image === undefined ? {} : { image }),
    ...message.android?.notification,
  });
  return {
    tag: String(notification.notifyId),
    ...defined({ channelId: messageClass?.channelId ?? notification.channelId }),
    ...countOf(notification),
    ...heardBy(notification, given),
    ...given,
  };
}

/** 0 would make the phone count by itself. */
function countOf({ badge }: Notification): AndroidNotification {
  return badge !== undefined && 'set' in badge && badge.set > 0
    ? { notificationCount: badge.set }
    : {};
}

/**
 * From Android 8 on the channel decides; older phones, and channels that leave it open, go by these.
 * A sound is found by its name in the app's `raw` folder, where it has no ending.
 */
function heardBy({ alert, sound }: Notification, given: AndroidNotification): AndroidNotification {
  const file = sound === undefined || alert?.sound === false ? '' : sound.replace(/\.[^.]*$/, '');
  const hasFile = file !== '' || given.sound !== undefined;
  return {
    ...(file === '' ? {} : { sound: file }),
    ...(alert === undefined ? {} : defaultsOf(alert, hasFile, given)),
  };
}

function defaultsOf(
  alert: NotificationAlert,
  hasFile: boolean,
  { vibrateTimingsMillis }: AndroidNotification,
): AndroidNotification {
  return {
    defaultSound: alert.sound && !hasFile,
    defaultVibrateTimings: alert.vibration && vibrateTimingsMillis === undefined,
    ...(alert.sound || alert.vibration ? {} : { priority: 'low' }),
  };
}

function shownBytes({
  vibrateTimingsMillis = [],
  lightSettings,
  ...others
}: AndroidNotification): number {
  const lights = lightSettings === undefined ? 0 : LIGHTS_BYTES;
  return bytesOf(others) + vibrateTimingsMillis.length * TIMING_BYTES + lights;
}

function bytesOf(fields: object): number {
  return Object.entries(fields).reduce((bytes, [name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return bytes + Buffer.byteLength(name) + Buffer.byteLength(text);
  }, 0);
}
