import {
  configure,
  dropMessage,
  dropToken,
  pause,
  refused,
  retry,
  slowDown,
} from '../error-meanings';
import type { ErrorTable } from '../vendor';

/**
 * Huawei's code → meaning. Codes and words: https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197
 * (2025-08), those of HarmonyOS from harmonyos-references/push-scenariozed-api-response (2026), of the token endpoint from
 * HMSCore-References/server-error-codes-0000001062371380. `huawei-answers.ts` decides what a code alone does not: which tokens failed,
 * and whether all in vain is their fault or the certificate's. 80000000 is success.
 */
export const errors: ErrorTable = {
  // the tokens
  '80100000': dropToken('the token is invalid'),
  '80300007': dropToken('the token is invalid'),

  // reasons of failed tokens, where the answer gives them
  tokenFormatError: dropToken('no token of Huawei looks like this'),
  noRight: dropToken('token of another app'),
  tokenPlatformNotSupport: configure('token of another system: of HarmonyOS 5, maybe'),
  noPushTypeRight: configure('no right for this kind of message'),
  atomicUnableSendUnsubscribedMsg: configure('service card not subscribed'),
  countryNotSupport: configure('device outside the service area'),
  disableSendHuaweiMsgBecauseOfPenalty: pause('app under penalty, may not send'),
  differentImgVerifyPolicy: configure('image policy differs'),
  appinfoError: configure('app information wrong'),
  noRightToSendThisLiveNotificationEvent: configure('no right for this live view'),
  notSupportPlayVoice: configure('spoken messages not supported'),

  // the message
  '80100001': dropMessage('some parameters wrong'),
  '80100002': dropMessage('a system message goes to one token'),
  '80100003': dropMessage('message structure wrong'),
  '80100004': dropMessage('expiry earlier than now'),
  '80100013': dropMessage('collapse_key illegal'),
  '80100016': dropMessage('sensitive content'),
  '80100018': dropMessage('audit signature does not match the body'),
  '80100022': dropMessage('image not verified'),
  '80300008': dropMessage('message over 4096 bytes'),
  // of several tokens tried again in smaller requests
  '80300010': dropMessage('too many tokens, or none'),
  '80300030': dropMessage('too many tokens in a test message'),

  // too often
  '80100017': slowDown('too many topic tasks at once'),
  '80300029': slowDown('test messages too frequent'),

  // who may send; after a refusal the access token is replaced once
  '80200001': refused('authentication failed'),
  '80200003': refused('access token expired'),
  '80200005': refused('JWT expired: is our clock right?'),
  '80300002': configure('the app may not send: push off, another app, or no right abroad'),
  '80300011': configure('no right for high priority'),
  '80300013': pause('receipt address wrong, or its TLS certificate expired'),
  '80300036': configure('JWT valid for more than a day'),
  '80300037': pause('app under penalty, may not send'),

  // Huawei's own trouble
  '80600003': retry('call to the OAuth service failed'),
  '81000001': retry('internal error'),

  // topics and groups, which no send of ours names
  '82000001': dropMessage('group or topic error'),
  '82000002': dropMessage('group or topic error'),
  '82000003': dropMessage('group or topic error'),
  '82000004': dropMessage('group or topic error'),
  '82000005': dropMessage('group or topic error'),
  '82000006': dropMessage('group or topic error'),
  '82000007': dropMessage('topic invalid'),
  '82000008': dropMessage('group or topic error'),
  '82000009': dropMessage('more than 2000 topics'),
  '82000010': dropMessage('group or topic error'),
  '82000011': dropMessage('token missing'),
  '82000012': configure('data location of the app'),
  '82000013': configure('data location of the app'),

  // the token endpoint: error, then sub_error
  '1101-12304': refused('client secret wrong'),
  '1101-20002': refused('client id malformed'),
  '1101-20003': refused('client id unknown'),
  '1101-20171': refused('client secret empty'),
  '1101-20172': refused('client secret malformed'),
  '1101-20182': configure('grant type wrong'),

  // HTTP statuses of an answer without a code; another 5xx is `unavailable` whatever its number
  'http-400': dropMessage('HTTP 400 without a code'),
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
  'http-500': retry('internal error'),
  'http-502': retry('connection error'),
  'http-503': slowDown('flow control, of the app or of the whole system'),
};
