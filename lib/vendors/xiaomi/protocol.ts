import { is, looseObject, number, optional, safeParse, string, union, unknown } from 'valibot';
import { jsonOf } from '../../model/json-of';
import type { SendOutcome } from '../../model/send-outcome';
import type { EpochMs } from '../../model/time';
import type { HttpRequest, HttpResult } from '../../model/vendor-ports';
import { outcomeOf, outcomeWithoutAnswer, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { formPost } from '../posts';
import { errors } from './errors';
import type { XiaomiMessage } from './message';

/** v3 also takes tokens of several packages, and is what the official SDK's `send` uses. */
export const SEND_PATH = '/v3/message/regid';

/** Takes what is shown out of the tray, by its notify id (official Java SDK, github.com/ggg17226/xmpush-server-api-http2). */
export const REVOKE_PATH = '/v1/message/regid/revoke';

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

/** What is to be taken out of the trays of some phones. */
export interface Revocation {
  readonly registrationIds: readonly string[];
  readonly packageName: string;
  readonly notifyId: number;
}

/** The HTTP request that takes a notification back; unlike a message's, its tokens are a field each, as in the SDK. */
export function buildRevocation(
  { registrationIds, packageName, notifyId }: Revocation,
  url: string,
  appSecret: string,
  timeoutMs: number,
): HttpRequest {
  const fields: readonly (readonly [string, string])[] = [
    ...registrationIds.map((token) => ['registration_ids', token] as const),
    ['restricted_package_name', packageName],
    ['notify_id', String(notifyId)],
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
