import { array, is, literal, looseObject, number, optional, string, unknown } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import type { EpochMs } from '../../model/time';
import { outcomeOf, retryAfterMsOf, safeWords, withWords } from '../outcomes';
import { errors, QUOTA_WAIT_MS } from './errors';

/** The last answer the SDK's requests for a message got, as seen on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly retryAfter?: string;
}

const sdkError = looseObject({
  code: string(),
  httpResponse: optional(looseObject({ status: number(), data: unknown() })),
});
const googleError = looseObject({
  error: looseObject({
    status: optional(string()),
    message: optional(string()),
    details: optional(array(unknown())),
  }),
});
const fcmDetail = looseObject({ '@type': string(), errorCode: string() });
const quotaFailure = looseObject({
  '@type': literal('type.googleapis.com/google.rpc.QuotaFailure'),
});
const badRequest = looseObject({ fieldViolations: array(looseObject({ field: string() })) });

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const DEVICE = /\bdevice\b/i;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
const BAD_TOKEN = /is not a valid FCM registration token/i;

/** What the SDK's error tells, as far as it can be read. */
interface FcmFailure {
  readonly status?: number;
  readonly code: string;
  readonly hasFcmDetail: boolean;
  readonly words: string;
  readonly badFields: readonly string[];
  /** If a quota is used up, it is one device's. */
  readonly isDeviceFull: boolean;
  readonly retryAfter?: string;
}

/** Reads an error of the SDK, or what was seen on the wire when the SDK itself stumbled over the answer. */
export function readFailure(error: unknown, answer: WireAnswer | undefined): FcmFailure {
  const known = is(sdkError, error) ? error : undefined;
  const response = known?.httpResponse;
  const status = response?.status ?? answer?.status;
  const body = is(googleError, response?.data) ? response.data.error : undefined;
  const details = body?.details ?? [];
  const detail = details.find((one) => is(fcmDetail, one) && one['@type'] === FCM_ERROR);
  const errorCode = is(fcmDetail, detail) ? detail.errorCode : body?.status;
  const code =
    errorCode !== undefined && CODE.test(errorCode)
      ? errorCode
      : status === undefined
        ? sdkCode(known?.code)
        : `http-${status}`;
  return {
    ...(status === undefined ? {} : { status }),
    code,
    hasFcmDetail: detail !== undefined,
    words: body?.message ?? '',
    badFields: details.flatMap((one) =>
      is(badRequest, one) ? one.fieldViolations.map(({ field }) => field) : [],
    ),
    isDeviceFull: [body?.message ?? '', ...quotasIn(details)].some((text) => DEVICE.test(text)),
    ...(answer?.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
  };
}

/** What Google says of the quotas that were exceeded; it publishes no list of its words for them. */
function quotasIn(details: readonly unknown[]): readonly string[] {
  return details.filter((one) => is(quotaFailure, one)).map((one) => JSON.stringify(one));
}

function sdkCode(code: string | undefined): string {
  switch (code) {
    case 'app/network-error':
      return 'network';
    case 'app/network-timeout':
      return 'timeout';
    default:
      return code !== undefined && /^[a-z]+\/[a-z-]{1,60}$/.test(code) ? code : 'sdk-error';
  }
}

/** Our access token was refused: the SDK calls it `third-party-auth-error`, which is only true with FCM's own detail. */
export function isAccessRefused({ status, hasFcmDetail }: FcmFailure): boolean {
  return status === 401 && !hasFcmDetail;
}

/** The outcome of one token's failure. */
export function outcomeOfFailure(
  failure: FcmFailure,
  secrets: readonly string[],
  now: EpochMs,
): SendOutcome {
  const { code, status } = failure;
  const words = safeWords(failure.words, secrets);
  const stated = retryAfterMsOf(failure.retryAfter, now);
  if (namesTheToken(failure)) {
    return { kind: 'token-invalid', reason: { code, text: 'not a valid FCM registration token' } };
  }
  const text = words === '' ? `HTTP ${status ?? 'without an answer'}` : words;
  if (errors[code] === undefined && status !== undefined && status >= 500) {
    const wait = stated === undefined ? {} : { retryAfterMs: stated };
    return { kind: 'unavailable', reason: { code, text }, ...wait };
  }
  const retryAfterMs = status === 429 ? (stated ?? QUOTA_WAIT_MS) : stated;
  const outcome = withWords(outcomeOf(errors, code, text, retryAfterMs), words);
  return outcome.kind === 'throttled' && failure.isDeviceFull
    ? { ...outcome, scope: 'device' }
    : outcome;
}

/** The two signs that tell a bad token from a bad payload. */
function namesTheToken({ code, hasFcmDetail, words, badFields }: FcmFailure): boolean {
  if (code !== 'INVALID_ARGUMENT') {
    return false;
  }
  const saysSo = hasFcmDetail && BAD_TOKEN.test(words);
  return saysSo || (badFields.length > 0 && badFields.every((field) => field === 'message.token'));
}
