import { is, looseObject, number, optional, string, unknown } from 'valibot';
import type { MessageClass } from '../../model/app-settings';
import { jsonOf } from '../../model/json-of';
import type { Notification } from '../../model/notification';
import type { SendOutcome } from '../../model/send-outcome';
import { type EpochMs, SECOND_MS } from '../../model/time';
import type { HttpResult } from '../../model/vendor-ports';
import { fitJsonText } from '../fit-json-text';
import { outcomeOf, retryAfterMsOf, safeWords } from '../outcomes';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import { errors } from './errors';
import limitsJson from './limits.json' with { type: 'json' };

const limits = readLimits(limitsJson);

/** Where development builds get their pushes; a token belongs to one of the two environments. */
export const SANDBOX_ENDPOINT = 'https://api.sandbox.push.apple.com';

/** More of a title is on no phone's screen; the body gets the rest of the payload. */
const TITLE_BYTES = 512;

/** Custom data that leaves less than this for the texts is left out: the notification is what the push is for. */
const TEXTS_BYTES = 1_024;

/** https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns: 10 at once, 5 saves power. */
const PRIORITY = { high: '10', normal: '5' } as const;

/** A notification in Apple's terms, but for the token. */
export interface ApnsMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Puts a request into Apple's terms, the payload within 4096 bytes. */
export function messageOf(request: SendRequest, topic: string, now: EpochMs): ApnsMessage {
  const { notification, messageClass, ttlSeconds } = request;
  const ttl = Math.min(ttlSeconds, limits.maxTtlSeconds);
  return {
    headers: {
      'apns-topic': topic,
      'apns-push-type': 'alert',
      'apns-priority': PRIORITY[notification.urgency],
      'apns-expiration': String(Math.floor(now / SECOND_MS) + ttl),
      // a repeat replaces what is shown
      'apns-collapse-id': String(notification.notifyId),
    },
    body: payloadOf(notification, messageClass),
  };
}

function payloadOf(notification: Notification, messageClass: MessageClass | undefined): string {
  const { aps: _reserved, ...given } = notification.data;
  const ownTitle = notification.title.toWellFormed();
  const title = isVisible(ownTitle) ? fitJsonText(ownTitle, TITLE_BYTES) : '';
  const text = [notification.body.toWellFormed(), ownTitle].find(isVisible) ?? '…';
  const data = roomFor(given, '') < TEXTS_BYTES ? {} : given;
  return payload(data, title, fitJsonText(text, roomFor(data, title)));

  function roomFor(custom: Readonly<Record<string, string>>, itsTitle: string): number {
    return limits.payloadBytes - Buffer.byteLength(payload(custom, itsTitle, ''));
  }

  function payload(custom: Readonly<Record<string, string>>, itsTitle: string, body: string) {
    const alert = itsTitle === '' ? { body } : { title: itsTitle, body };
    return JSON.stringify({ ...custom, aps: { alert, ...apsOf(notification, messageClass) } });
  }
}

/** What stands beside the texts. A number to add is no badge here: Apple takes absolute ones alone. */
function apsOf({ badge }: Notification, messageClass: MessageClass | undefined) {
  return {
    ...(badge !== undefined && 'set' in badge ? { badge: Math.max(0, badge.set) } : {}),
    sound: 'default',
    ...(messageClass?.category === undefined ? {} : { category: messageClass.category }),
  };
}

const answerSchema = looseObject({ reason: string(), timestamp: optional(unknown()) });
const REASON = /^[A-Za-z]{1,60}$/;

type Response = Extract<HttpResult, { kind: 'response' }>;

/** Apple's `reason` in an answer, where it has one that can be read. */
export function reasonOf({ status, body }: Response): string | undefined {
  const answer = status === 200 ? undefined : jsonOf(body);
  return is(answerSchema, answer) && REASON.test(answer.reason) ? answer.reason : undefined;
}

/**
 * The outcome of an answer. `isProven`: the certificate's environment and topic are right, since a token of it was accepted;
 * until then a token of the wrong kind may as well be a certificate of the wrong kind.
 */
export function readResponse(
  response: Response,
  sent: { readonly secrets: readonly string[]; readonly isProven: boolean },
  now: EpochMs,
): SendOutcome {
  const { status, headers } = response;
  if (status === 200) {
    const id = safeWords(headers['apns-id'] ?? '', sent.secrets);
    return id === '' ? { kind: 'accepted' } : { kind: 'accepted', receiptId: id };
  }
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], now);
  const reason = reasonOf(response);
  if (reason === undefined || errors[reason] === undefined) {
    return outcomeOfStatus(status, reason, retryAfterMs);
  }
  const outcome = outcomeOf(errors, reason, '', retryAfterMs);
  if (outcome.kind !== 'token-invalid') {
    return outcome;
  }
  if (status === 410) {
    const since = sinceOf(response.body);
    return since === undefined ? outcome : { ...outcome, since };
  }
  return sent.isProven ? outcome : { kind: 'misconfigured', reason: outcome.reason };
}

/** A reason of the future goes by its status, and is alarmed. */
function outcomeOfStatus(
  status: number,
  reason: string | undefined,
  retryAfterMs: number | undefined,
): SendOutcome {
  const code = `http-${status}`;
  if (status >= 500) {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    const told = { code: reason ?? code, text: `HTTP ${status}` };
    return { kind: 'unavailable', reason: told, ...wait };
  }
  const outcome = outcomeOf(errors, code, `HTTP ${status} without a known reason`, retryAfterMs);
  if (reason === undefined || outcome.kind === 'accepted') {
    return outcome;
  }
  return { ...outcome, reason: { code: reason, text: `HTTP ${status}`, unmapped: true } };
}

/** Values below this are seconds, in case Apple's milliseconds are not everywhere. */
const SMALLEST_MS = 1e11;

function sinceOf(body: string): EpochMs | undefined {
  const answer = jsonOf(body);
  const timestamp = is(answerSchema, answer) ? answer.timestamp : undefined;
  if (!is(number(), timestamp) || !Number.isSafeInteger(timestamp) || timestamp <= 0) {
    return undefined;
  }
  return timestamp < SMALLEST_MS ? timestamp * SECOND_MS : timestamp;
}
