import {
  configure,
  dropMessage,
  dropToken,
  pause,
  refused,
  retry,
  slowDown,
} from '../error-meanings';
import { huaweiCodes } from '../huawei-codes';
import type { ErrorTable } from '../vendor';

/**
 * Huawei's code → meaning. Codes and words: https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197
 * (2025-08), those of HarmonyOS from harmonyos-references/push-scenariozed-api-response (2026), of the token endpoint from
 * HMSCore-References/server-error-codes-0000001062371380. `huawei-answers.ts` decides what a code alone does not: which tokens failed,
 * and whether all in vain is their fault or the certificate's. 80000000 is success.
 */
export const errors: ErrorTable = {
  ...huaweiCodes,

  // the tokens

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
  // of several tokens tried again in smaller requests

  // too often

  // who may send; after a refusal the access token is replaced once

  // Huawei's own trouble

  // topics and groups, which no send of ours names

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
  // the one answer to more devices a second than the app may have; the whole system's overload looks the same
  // (HMSCore-Guides/commonerror-0000001059816656, checked 2026-11-24)
  'http-503': slowDown('flow control, of the app or of the whole system'),
};
