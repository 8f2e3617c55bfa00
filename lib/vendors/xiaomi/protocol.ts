import { is, looseObject, number, optional, safeParse, string, union, unknown } from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import { DAY_MS, type EpochMs, SECOND_MS } from '../../model/time';
import type { HttpRequest, HttpResult } from '../../model/vendor-ports';
import { fitText } from '../../rules/fit-text';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { formPost } from '../posts';
import { templateValues } from '../template-values';
import { isVisible } from '../texts';
import { readLimits, type SendRequest } from '../vendor';
import { errors } from './errors';
import limitsJson from './limits.json' with { type: 'json' };

/** v3 also takes tokens of several packages, and is what the official SDK's `send` uses. */
export const SEND_PATH = '/v3/message/regid';

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
  const { notification, messageClass } = request;
  const payload = JSON.stringify(notification.data);
  const hasPayload = payload !== '{}' && payload.length <= limits.payloadBytes;
  const isPrivate = messageClass?.channelId !== undefined && messageClass.templateId !== undefined;
  const maxTtlMs = isPrivate ? MAX_PRIVATE_TTL_MS : MAX_PUBLIC_TTL_MS;
  return {
    registrationIds: tokens,
    packageName,
    timeToLiveMs: Math.min(request.ttlSeconds * SECOND_MS, maxTtlMs),
    ...(hasPayload ? { payload } : {}),
    title: visible([notification.title, notification.body, packageName], limits.titleCharacters),
    description: visible(
      [notification.body, notification.title, packageName],
      limits.bodyCharacters,
    ),
    notifyType: -1,
    notifyId: notification.notifyId,
    extra: {
      // opens the app; notifications without it have not been delivered since 2024-09-30 (dev.mi.com pId=1856)
      notify_effect: '1',
      ...(messageClass?.channelId === undefined ? {} : { channel_id: messageClass.channelId }),
      ...templateExtras(request),
      // an app in the foreground shows its messages itself
      notify_foreground: '0',
      jobkey: notification.dedupeKey,
      ...receiptExtras(request),
    },
  };
}

/**
 * The first text with something to see, fitted: Xiaomi refuses a message whose title or body is blank.
 * Counted in UTF-16 units, the way Java does: an emoji may be one character or two to Xiaomi.
 */
function visible(texts: readonly string[], limit: number): string {
  return texts.map((text) => fitText(text, limit, 'utf16-units')).find(isVisible) ?? '';
}

/** What Xiaomi refuses in a template's value: emoji, other symbols and what Unicode has not assigned. */
const NOT_IN_TEMPLATES =
  /[\p{So}\p{Cn}\p{Co}\p{Cs}\p{Cc}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Variation_Selector}\p{Me}]|\u200d/gu;
const TEMPLATE_VALUE_UNITS = 128;

/** https://dev.mi.com/xiaomihyperos/documentation/detail?pId=2314 (2026-06-02): values of 1 to 128 characters, not blank, no emoji. */
function templateExtras({ messageClass, notification }: SendRequest) {
  const { templateId, templateParameters } = messageClass ?? {};
  if (templateId === undefined) {
    return {};
  }
  const values = templateValues(templateParameters ?? {}, notification.parts, {
    clean(text) {
      const plain = text.replaceAll(/\s+/g, ' ').replaceAll(NOT_IN_TEMPLATES, '').trim();
      const value = fitText(plain, TEMPLATE_VALUE_UNITS, 'utf16-units');
      return isVisible(value) ? value : '';
    },
    fallback: '…',
  });
  return {
    template_id: templateId,
    ...(Object.keys(values).length === 0 ? {} : { template_param: JSON.stringify(values) }),
  };
}

function receiptExtras(request: SendRequest): Readonly<Record<string, string>> {
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

/** The HTTP request of a message, to be sent to `url` with the app's secret. */
export function buildRequest(
  message: XiaomiMessage,
  url: string,
  appSecret: string,
  timeoutMs: number,
): HttpRequest {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['registration_id', message.registrationIds.join(',')],
    ['restricted_package_name', message.packageName],
    ['time_to_live', String(message.timeToLiveMs)],
    ['payload', message.payload],
    ['title', message.title],
    ['description', message.description],
    ['notify_type', String(message.notifyType)],
    ['pass_through', '0'],
    ['notify_id', String(message.notifyId)],
    ...Object.entries(message.extra).map(([key, value]) => [`extra.${key}`, value] as const),
  ];
  return formPost(url, fields, { headers: { Authorization: `key=${appSecret}` }, timeoutMs });
}

const answerSchema = looseObject({
  code: union([number(), string()]),
  reason: optional(unknown()),
  description: optional(unknown()),
  trace_id: optional(unknown()),
  data: optional(unknown()),
});
const acceptedData = looseObject({ id: string() });

/** What a request for several tokens, or one, came to: Xiaomi answers for all of them together. */
export function readResponse(
  result: HttpResult,
  sent: { readonly tokens: readonly string[]; readonly appSecret: string },
  now: EpochMs,
): SendOutcome {
  if (result.kind !== 'response') {
    return outcomeWithoutAnswer(result);
  }
  const secrets = [...sent.tokens, sent.appSecret];
  const retryAfterMs = retryAfterMsOf(result.headers['retry-after'], now);
  const status = `http-${result.status}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (result.status >= 500) {
    const reason = { code: status, text: `HTTP ${result.status}` };
    return { kind: 'unavailable', reason, ...wait };
  }
  const answer = safeParse(answerSchema, jsonOf(result.body));
  const code = answer.success ? String(answer.output.code) : '';
  if (!answer.success || !/^-?\d{1,9}$/.test(code)) {
    const text = `HTTP ${result.status} and an answer that cannot be read`;
    return outcomeOf(errors, status, text, retryAfterMs);
  }
  const { data, trace_id, reason, description } = answer.output;
  if (code === '0') {
    const id = is(acceptedData, data) ? data.id : trace_id;
    return typeof id === 'string' && id !== ''
      ? { kind: 'accepted', receiptId: safeWords(id, secrets) }
      : { kind: 'accepted' };
  }
  const words = [reason, description].find((text) => typeof text === 'string' && text !== '');
  const safe = safeWords(typeof words === 'string' ? words : '', secrets);
  if (code === '20301' && reason === 'No valid targets!' && sent.tokens.length === 1) {
    return { kind: 'token-invalid', reason: { code, text: 'No valid targets!' } };
  }
  const outcome = withWords(outcomeOf(errors, code, safe, retryAfterMs), safe);
  // which of several tokens is meant, nobody knows: none is forgotten
  return outcome.kind === 'token-invalid' && sent.tokens.length > 1
    ? { kind: 'unavailable', reason: { ...outcome.reason, unmapped: true } }
    : outcome;
}
