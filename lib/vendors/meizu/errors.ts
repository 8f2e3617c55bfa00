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
 * Meizu's `code` of a whole call → meaning. Codes and words: https://github.com/MEIZUPUSH/PushAPI (2025-04-09) and
 * https://github.com/MEIZUPUSH/JavaSdk 1.2.13 (2025-04-22). `protocol.ts` decides what a code alone does not: 500 by its words,
 * 300 by where it leads. 200 is success.
 */
export const errors: ErrorTable = {
  '300': configure("redirected to a host that is not Meizu's"),
  '500': retry('other error'),
  '1001': retry('system error'),
  '1003': retry('server busy'),
  '1005': dropMessage('parameter error'),
  '1006': refused('signature wrong: is it the right AppSecret?'),

  '110000': configure('appId illegal'),
  '110001': configure('appKey illegal'),
  '110031': configure('package name illegal'),
  '110033': refused('appSecret illegal'),
  '110009': pause('app on the black list'),

  '110002': dropToken('pushId not registered'),
  '110003': dropToken('pushId illegal'),
  '110004': dropMessage('parameter empty'),
  '110032': retry('task id illegal'),
  '110053': dropMessage('no more transparent messages'),

  // of the app; among the targets the same number is another thing
  '110010': slowDown('app pushes too fast'),
  '110019': tomorrow('app pushed too much today'),
  '110051': tomorrow('app reached its limit'),

  // HTTP statuses of an answer without a code; 5xx is `unavailable` whatever its number
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
};

/**
 * What the keys of `value` mean, each with a list of targets; same sources. 520 is no failure: the phone got several within a minute,
 * and folds them.
 */
export const targetErrors: ErrorTable = {
  '201': configure('no permission'),
  '501': retry('sending failed'),
  '513': retry('sending failed'),
  // RSP_SPEED_LIMIT
  '518': slowDown('over the configured rate'),
  // Meizu's servers (RSP_OVERFLOW), not the app
  '519': retry('overloaded'),
  '110002': dropToken('pushId not subscribed'),
  '110003': dropToken('pushId illegal'),
  '110005': dropMessage('alias not subscribed, or its switch is off'),
  // the user's choice, which may change: the token stays
  '110010': dropMessage('notifications of the app switched off'),
  '110011': tomorrow('public messages of the day used up'),
};
