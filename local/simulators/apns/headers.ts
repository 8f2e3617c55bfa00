import type { RequestHead } from '../exchange';
import { type ApnsRefusal, refuse } from './reasons';

/** Topic suffix by push type; `mdm` has a certificate's topic, which a token cannot push to. */
const SUFFIXES = {
  alert: '',
  background: '',
  voip: '.voip',
  complication: '.complication',
  fileprovider: '.pushkit.fileprovider',
  liveactivity: '.push-type.liveactivity',
  location: '.location-query',
  pushtotalk: '.voip-ptt',
  widgets: '.push-type.widgets',
} as const satisfies Readonly<Record<string, string>>;

export type PushType = keyof typeof SUFFIXES;

/** What the headers of a right request say. */
export interface ApnsHeaders {
  readonly pushType: PushType;
  /** Epoch seconds; 0: one try. Undefined: as long as APNs sees fit. */
  readonly expiration: number | undefined;
  readonly collapseId: string | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOPIC = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
const PRINTABLE = /^[\x20-\x7e]+$/;
const MAX_COLLAPSE_ID_BYTES = 64;
/** Seconds fit 32 bits until 2106; milliseconds do not. */
const MAX_EXPIRATION = 4_294_967_295;

/** The first header that was sent more than once. */
export function duplicateHeader(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/** The caller's `apns-id`, if it is one: canonical, in lower case. */
export function messageIdOf(headers: RequestHead['headers']): string | undefined {
  const id = headerOf(headers, 'apns-id');
  return id !== undefined && UUID.test(id) ? id : undefined;
}

/**
 * Checks the headers of a request for one app.
 * Source: developer.apple.com, "Sending notification requests to APNs", header fields for a POST request.
 */
export function checkHeaders(
  headers: RequestHead['headers'],
  appTopic: string,
): ApnsHeaders | ApnsRefusal {
  if (headerOf(headers, 'apns-id') !== undefined && messageIdOf(headers) === undefined) {
    return refuse('BadMessageId');
  }
  const topic = headerOf(headers, 'apns-topic');
  if (topic === undefined || topic === '') return refuse('MissingTopic');
  if (!TOPIC.test(topic)) return refuse('BadTopic', 'not a bundle id');
  const type = headerOf(headers, 'apns-push-type');
  if (type === 'mdm') return refuse('TopicDisallowed', 'mdm needs a certificate');
  if (type === undefined || !isPushType(type)) return refuse('InvalidPushType');
  const refusal = checkTopic(topic, appTopic, type) ?? checkPriority(headers, type);
  if (refusal !== undefined) return refusal;
  const expiration = headerOf(headers, 'apns-expiration');
  if (expiration !== undefined && !isEpochSeconds(expiration)) {
    return refuse('BadExpirationDate', 'not epoch seconds');
  }
  const collapseId = headerOf(headers, 'apns-collapse-id');
  if (collapseId !== undefined && !isCollapseId(collapseId)) return refuse('BadCollapseId');
  return {
    pushType: type,
    expiration: expiration === undefined ? undefined : Number(expiration),
    collapseId,
  };
}

function checkTopic(topic: string, appTopic: string, type: PushType): ApnsRefusal | undefined {
  if (topic === `${appTopic}${SUFFIXES[type]}`) return undefined;
  const isOurs = Object.values(SUFFIXES).some((suffix) => topic === `${appTopic}${suffix}`);
  return isOurs
    ? refuse('BadTopic', `not the topic of apns-push-type ${type}`)
    : refuse('TopicDisallowed');
}

function checkPriority(headers: RequestHead['headers'], type: PushType): ApnsRefusal | undefined {
  const priority = headerOf(headers, 'apns-priority') ?? '10';
  if (!['10', '5', '1'].includes(priority)) return refuse('BadPriority');
  return type === 'background' && priority === '10'
    ? refuse('BadPriority', '10 is an error for background')
    : undefined;
}

function isPushType(text: string): text is PushType {
  return Object.hasOwn(SUFFIXES, text);
}

function isEpochSeconds(text: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(text) && Number(text) <= MAX_EXPIRATION;
}

function isCollapseId(text: string): boolean {
  return PRINTABLE.test(text) && text.length <= MAX_COLLAPSE_ID_BYTES;
}

function headerOf(headers: RequestHead['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
