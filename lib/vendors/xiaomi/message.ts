import type { Notification, NotificationAlert } from '../../model/notification';
import { DAY_MS, SECOND_MS } from '../../model/time';
import { fitText } from '../../rules/fit-text';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import limitsJson from './limits.json' with { type: 'json' };
import { fieldsOf, isXiaomis, type XiaomiFields } from './payload';
import { templateExtras } from './templates';

const limits = readLimits(limitsJson);

/**
 * Public messages are kept for a day, private ones for ten (OctoIM's access notes of 2026-08-19). Private are those with
 * a template: they all must have one (https://dev.mi.com/xiaomihyperos/documentation/detail?pId=2314, 2026-06-02).
 */
const MAX_PUBLIC_TTL_MS = DAY_MS;
const MAX_PRIVATE_TTL_MS = limits.maxTtlSeconds * SECOND_MS;

/** https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1559: longer ones are refused with the whole message. */
const CALLBACK_BYTES = 128;
const CALLBACK_PARAM_BYTES = 64;

/**
 * The receipts asked for, as a sum: delivered 1, clicked 2, token invalid 16, muted 32, filtered 64, over quota 128,
 * expired 1024. Never 3 (1 and 2 again): with it no receipt came at all (blog.csdn.net/zhou_Tian/article/details/108751167).
 */
const CALLBACK_TYPE = 1 + 2 + 16 + 32 + 64 + 128 + 1024;

/** `notify_type` is -1 for all, or a sum of these; same document. */
const ALL_MEANS = -1;
const SOUND = 1;
const VIBRATION = 2;
const LIGHT = 4;

/**
 * Of the app's own extras there are at most 10, with 1024 characters of keys and values (same document). Whether Xiaomi's own keys
 * count among the 10 is not said, so they are taken to.
 */
const MOST_EXTRAS = 10;
const CUSTOM_CHARACTERS = 1_024;

/** A notification in Xiaomi's terms, every limit kept. */
export interface XiaomiMessage {
  readonly registrationIds: readonly string[];
  readonly packageName: string;
  readonly timeToLiveMs: number;
  readonly payload?: string;
  readonly title: string;
  readonly description: string;
  /** -1: sound, vibration and light. */
  readonly notifyType: number;
  readonly notifyId: number;
  readonly extra: Readonly<Record<string, string>>;
}

/** Puts a request into Xiaomi's terms, for the tokens given. */
export function messageOf(
  request: SendRequest,
  tokens: readonly string[],
  packageName: string,
): XiaomiMessage {
  const { notification } = request;
  const fields = fieldsOf(notification.fields);
  const { form } = fields;
  const payload = payloadOf(notification.data, fields.custom);
  const own = {
    // opens the app; notifications without it have not been delivered since 2024-09-30 (dev.mi.com pId=1856)
    notify_effect: '1',
    ...channelExtras(request, fields),
    // an app in the foreground shows its messages itself
    notify_foreground: '0',
    ...soundExtras(notification, packageName),
    ...withoutSoundName(fields.extras, packageName),
    jobkey: notification.dedupeKey,
    ...receiptExtras(request),
  };
  const isPrivate = 'channel_id' in own && 'template_id' in own;
  const maxTtlMs = isPrivate ? MAX_PRIVATE_TTL_MS : MAX_PUBLIC_TTL_MS;
  const texts = [notification.title, notification.body, packageName];
  const bodies = [notification.body, notification.title, packageName];
  return {
    registrationIds: tokens,
    packageName,
    timeToLiveMs: Math.min(request.ttlSeconds * SECOND_MS, maxTtlMs),
    ...(payload === undefined ? {} : { payload }),
    title: visible([form.title ?? '', ...texts], limits.titleCharacters),
    description: visible([form.description ?? '', ...bodies], limits.bodyCharacters),
    notifyType: form.notify_type ?? notifyTypeOf(notification.alert),
    notifyId: notifyIdOf(notification),
    extra: { ...customExtras(fields, notification, MOST_EXTRAS - Object.keys(own).length), ...own },
  };
}

type Texts = Readonly<Record<string, string>>;

/** All data the app is to get, as far as Xiaomi takes it. */
function payloadOf(data: Texts, custom: Texts): string | undefined {
  return [{ ...data, ...custom }, custom, data]
    .map((content) => JSON.stringify(content))
    .find((json) => json !== '{}' && json.length <= limits.payloadBytes);
}

/** What a notification is known by on the phone: the message's own id for Xiaomi, else the one for all vendors. */
export function notifyIdOf({ fields, notifyId }: Notification): number {
  return fieldsOf(fields).form.notify_id ?? notifyId;
}

/**
 * The first text with something to see, fitted: Xiaomi refuses a message whose title or body is blank.
 * Counted in UTF-16 units, the way Java does: an emoji may be one character or two to Xiaomi.
 */
function visible(texts: readonly string[], limit: number): string {
  return texts.map((text) => fitText(text, limit, 'utf16-units')).find(isVisible) ?? '';
}

/** The light makes no noise, so it is always on. */
function notifyTypeOf(alert: NotificationAlert | undefined): number {
  if (alert === undefined) return ALL_MEANS;
  return LIGHT + (alert.sound ? SOUND : 0) + (alert.vibration ? VIBRATION : 0);
}

/** The class's channel and template; a template is for one channel, and its parameters are for no other template. */
function channelExtras(request: SendRequest, { extras }: XiaomiFields) {
  const { channelId, templateId } = request.messageClass ?? {};
  const { channel_id = channelId, template_id = templateId } = extras;
  return {
    ...(channel_id === undefined ? {} : { channel_id }),
    ...(channel_id === channelId && template_id === templateId ? templateExtras(request) : {}),
  };
}

function soundExtras({ sound, alert }: Notification, packageName: string) {
  const uri = sound === undefined || alert?.sound === false ? '' : soundUri(sound, packageName);
  return uri === '' ? {} : { sound_uri: uri };
}

/** NIM's `sound` is a file's name; what Xiaomi takes is `sound_uri`. */
function withoutSoundName(
  { sound, ...extras }: XiaomiFields['extras'],
  packageName: string,
): Texts {
  const uri = sound === undefined ? '' : soundUri(sound, packageName);
  return uri === '' ? extras : { sound_uri: uri, ...extras };
}

/**
 * The address of a sound in the app's `raw` folder, where its name has no ending; blank for what can be none there
 * (https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1559).
 */
function soundUri(name: string, packageName: string): string {
  if (name.startsWith('android.resource://')) return name;
  const resource = name.replace(/\.[^.]*$/, '');
  const isOne = /^[a-z0-9_]{1,100}$/.test(resource) && resource !== 'default';
  return isOne ? `android.resource://${packageName}/raw/${resource}` : '';
}

/**
 * What of the app's own goes into extras as well, as far as there is room: first its keys in `xiaomiField`, then `nim`, by
 * which NIM's SDK knows its pushes, then the other data in order. What finds no room is in the payload all the same.
 */
function customExtras({ custom }: XiaomiFields, { data }: Notification, places: number): Texts {
  const { nim, ...others } = data;
  const wanted = Object.entries({ ...(nim === undefined ? {} : { nim }), ...others })
    // what an app calls its own data must not filter its phones
    .filter(([key]) => !isXiaomis(key) && !Object.hasOwn(custom, key));
  const taken: [string, string][] = [];
  let characters = 0;
  for (const [key, value] of [...Object.entries(custom), ...wanted]) {
    const size = key.length + value.length;
    const fits = taken.length < places && characters + size <= CUSTOM_CHARACTERS;
    if (fits && key.trim() !== '') {
      taken.push([key, value]);
      characters += size;
    }
  }
  return Object.fromEntries(taken);
}

function receiptExtras(request: SendRequest): Texts {
  const { receiptUrl, jobId } = request;
  if (receiptUrl === undefined || Buffer.byteLength(receiptUrl) > CALLBACK_BYTES) {
    return {};
  }
  return {
    callback: receiptUrl,
    ...(Buffer.byteLength(jobId) > CALLBACK_PARAM_BYTES ? {} : { 'callback.param': jobId }),
    'callback.type': String(CALLBACK_TYPE),
  };
}
