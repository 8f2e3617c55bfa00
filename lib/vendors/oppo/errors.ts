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
 * OPPO's code → meaning. Codes and words: https://open.oppomobile.com/new/developmentDoc/info?id=11235 (checked 2026-11-24); 54, 59
 * and 67 from support notes of services that send through OPPO. What hits every message alike, such as a wrong path, is a setting:
 * a person must see it, and nothing is lost meanwhile. `protocol.ts` decides what a code alone does not: 32 (duplicate: an earlier
 * try was accepted), 41 that names the registration id, and other codes of the business range. 0 is success.
 */
export const errors: ErrorTable = {
  // the service as such
  '-1': retry('service unavailable'),
  '-2': slowDown('flow control'),

  // credentials; after 11 the auth token is replaced once
  '11': refused('auth token invalid'),
  '14': refused('app key invalid'),
  '15': configure('app key missing'),
  '16': refused('signature invalid: wrong MasterSecret'),
  '17': configure('signature missing'),
  '18': configure('timestamp missing'),
  '19': configure('timestamp invalid: is our clock right?'),
  '29': configure('auth token missing'),

  // the request's form
  '12': configure('HTTP method not allowed'),
  '20': configure('method invalid: is the endpoint right?'),
  '21': configure('method missing: is the endpoint right?'),
  '22': configure('version missing: is the endpoint right?'),
  '23': configure('version invalid: is the endpoint right?'),
  '24': configure('version not supported: is the endpoint right?'),
  '25': configure('encoding invalid'),

  // who may call
  '26': pause('IP in the black list'),
  '27': pause('access denied'),
  '28': pause('app disabled'),
  '30': pause('app may not push through the API'),

  // too often
  '13': slowDown('calls of the app limited'),
  '55': slowDown('app calls too often'),

  // the daily totals; they end at midnight in China
  '33': tomorrow('number of messages exceeds the daily limit'),
  '34': tomorrow('number of pictures exceeds the daily limit'),

  // the message
  '31': configure('data does not exist: is the template right?'),
  '40': dropMessage('argument missing'),
  '41': dropMessage('argument invalid'),
  '51': dropMessage('picture invalid'),
  '54': configure('message of this class needs a template: private_msg_template_id is null'),
  '59': configure('no right for a second link'),
  '67': configure('category wrong, or notify_level not allowed for it'),

  // the target
  '10000': dropToken('registration id invalid'),

  // HTTP statuses of an answer without a code; another 5xx is `unavailable` whatever its number
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
};
