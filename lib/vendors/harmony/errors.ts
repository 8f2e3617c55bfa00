import {
  configure,
  dropMessage,
  dropToken,
  pause,
  refused,
  retry,
  slowDown,
  tomorrow,
} from '../error-meanings';
import type { ErrorTable } from '../vendor';

/**
 * Huawei's code → meaning. Codes and words:
 * https://developer.huawei.com/consumer/cn/doc/harmonyos-references/push-scenariozed-api-response (2026-04).
 * `huawei-answers.ts` decides what a code alone does not: which tokens failed, and whether all in vain is their fault or the
 * certificate's. 80000000 is success.
 */
export const errors: ErrorTable = {
  // the tokens
  '80100000': dropToken('the token is invalid'),
  '80300007': dropToken('the token is invalid'),

  // reasons of failed tokens
  tokenFormatError: dropToken('no token of HarmonyOS looks like this'),
  tokenPlatformNotSupport: dropToken('token of another system'),
  noRight: dropToken('token of another project, or of the time before a system upgrade'),
  noPushTypeRight: configure('no right for this push-type'),
  atomicUnableSendUnsubscribedMsg: dropMessage('service card not subscribed'),
  countryNotSupport: dropMessage('device outside the service area'),
  disableSendHuaweiMsgBecauseOfPenalty: pause('app under penalty, may not send'),
  differentImgVerifyPolicy: dropMessage('image policy differs'),
  appinfoError: configure('app information wrong'),
  noRightToSendThisLiveNotificationEvent: configure('no right for this live view'),
  notSupportPlayVoice: dropMessage('spoken messages not supported'),

  // the message
  '80100001': dropMessage('parameter error'),
  '80100003': dropMessage('payload error'),
  '80100004': dropMessage('expiry illegal'),
  '80100022': dropMessage('image not verified'),
  '80300008': dropMessage('body over 4096 bytes'),
  // of several tokens tried again in smaller requests
  '80300010': dropMessage('too many tokens, or none'),
  '80300030': dropMessage('too many tokens in a test message'),

  // too often
  '80300029': tomorrow("the day's test messages are used up"),

  // who may send; after a refusal the JWT is signed anew once
  '80200001': refused('authentication failed'),
  // the one code of `messages:revoke` (push-msg-revoke) more that is known
  '80200003': refused('access token expired'),
  '80200005': refused('JWT expired: is our clock right?'),
  '80300002': configure('no permission: push off, or another project'),
  '80300036': configure('JWT valid for more than a day'),
  '80300037': pause('app under penalty, may not send'),

  // Huawei's own trouble
  '81000001': retry('inner error'),

  // HTTP statuses of an answer without a code; another 5xx is `unavailable` whatever its number
  'http-400': dropMessage('HTTP 400 without a code'),
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: are endpoint and project right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
  'http-500': retry('internal error'),
  'http-502': retry('connection error'),
  // the one answer to more devices a second than the app may have; the whole system's overload looks the same
  // (harmonyos-references/push-msg-freq-control, checked 2026-11-24)
  'http-503': slowDown('flow control, of the app or of the whole system'),
};
