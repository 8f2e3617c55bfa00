import {
  configure,
  dropMessage,
  dropToken,
  pause,
  refused,
  retry,
  tomorrow,
} from './error-meanings';
import type { ErrorTable } from './vendor';

/**
 * The codes of Huawei's push cloud, which answers for Android and which gateways of Honor repeat:
 * https://developer.huawei.com/consumer/cn/doc/HMSCore-References/https-send-api-0000001050986197 (2025-08), those of HarmonyOS from
 * harmonyos-references/push-scenariozed-api-response (2026).
 */
export const huaweiCodes: ErrorTable = {
  '80100000': dropToken('the token is invalid'),
  '80300007': dropToken('the token is invalid'),
  '80100001': dropMessage('some parameters wrong'),
  '80100002': dropMessage('a system message goes to one token'),
  '80100003': dropMessage('message structure wrong'),
  '80100004': dropMessage('expiry earlier than now'),
  '80100013': dropMessage('collapse_key illegal'),
  '80100016': dropMessage('sensitive content'),
  '80100018': dropMessage('audit signature does not match the body'),
  '80100022': dropMessage('image not verified'),
  '80300008': dropMessage('message over 4096 bytes'),
  '80300010': dropMessage('too many tokens, or none'),
  '80300030': dropMessage('too many tokens in a test message'),
  // of topics, which no send of ours names
  '80100017': retry('more than 100 topic tasks at once'),
  // the one limit of test messages that is told is the day's (push-msg-freq-control, checked 2026-11-24)
  '80300029': tomorrow("the day's test messages are used up"),
  '80200001': refused('authentication failed'),
  '80200003': refused('access token expired'),
  '80200005': refused('JWT expired: is our clock right?'),
  '80300002': configure('the app may not send: push off, another app, or no right abroad'),
  '80300011': configure('no right for high priority'),
  '80300013': pause('receipt address wrong, or its TLS certificate expired'),
  '80300036': configure('JWT valid for more than a day'),
  '80300037': pause('app under penalty, may not send'),
  '80600003': retry('call to the OAuth service failed'),
  '81000001': retry('internal error'),
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
};
