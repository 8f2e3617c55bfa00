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
 * Xiaomi's code → meaning. Codes and words: https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1560
 * (2024-10-18) and the codes of the official Java SDK (github.com/ggg17226/xmpush-server-api-http2).
 * Left out on purpose, so that they are tried a bounded number of times and alarmed: 20301 (sending failed; an unknown target only
 * with the reason `protocol.ts` looks for), 20315 and 65040 (never seen on a send), 65003 (device not found, usually offline:
 * no reason to forget the token). 0 is success; 10035 (no more invalid aliases) answers no send.
 */
export const errors: ErrorTable = {
  // the service as such
  '-1': retry('unknown error'),
  '1': retry('internal error'),
  '10001': retry('system error'),
  '10002': retry('system busy'),
  '10003': retry('remote service error'),
  '10009': retry('system busy'),
  '10010': retry('job timed out'),
  '10011': retry('remote call failed'),
  '10037': retry('request expired'),
  '20607': retry('database error'),

  // the request
  '100': dropMessage('parameter must not be blank'),
  '10007': dropMessage('unsupported content type'),
  '10008': dropMessage('parameter error'),
  '10012': dropMessage('illegal request'),
  '10016': dropMessage('required parameter missing'),
  '10017': dropMessage('illegal parameter value'),
  '10018': dropMessage('request too long'),
  '21305': dropMessage('required parameter missing'),

  // who may call
  '10004': pause('IP not allowed'),
  '10005': configure('no permission for this resource'),
  '10006': configure('app key missing'),
  '10013': configure('illegal user'),
  '10014': configure('no permission for this API'),
  '10020': configure('no such API'),
  '10021': configure('no such API method'),
  '10025': configure('callback address illegal'),
  '10026': configure('app blacklisted for this API'),
  '10031': configure('app in the blacklist, may not send'),
  '10033': configure('app in the blacklist for feedback'),
  '10036': configure('operation forbidden for the app'),
  '10038': configure('statistics and trace forbidden for the app'),

  // credentials
  '21301': refused('authentication failed: wrong AppSecret'),
  '21302': refused('token authentication failed'),
  '21303': configure('request restricted'),
  '22000': configure('illegal app'),
  '22001': configure('app does not exist'),
  '22002': configure('app revoked'),
  '22003': configure('app update failed'),
  '22004': configure('app information missing'),
  '22005': configure('app name illegal'),
  '22006': refused('app id illegal'),
  '22007': refused('app key illegal'),
  '22008': refused('app secret illegal'),
  '22020': configure('app description illegal'),
  '22021': configure('user has not authorized the app'),
  '22022': configure('package name illegal'),

  // too often
  '10023': slowDown('user calls too often'),
  '10024': slowDown('user calls this API too often'),
  '10027': slowDown('app calls the API too often'),
  '10028': slowDown('too many calls in total'),
  '200002': slowDown('QPS exceeded'),

  // too often, but not what one app sends: an address's calls, other calls than ours, a count over nobody tells what time
  '10022': retry('IP calls too often'),
  '10030': retry('invalid regIds fetched too often'),
  '10032': retry('invalid aliases fetched too often'),
  '10039': retry('statistics and trace called too often'),
  '22101': retry('too many notifications of the app'),
  '26004': retry('broadcast too often'),
  '26005': retry('account set too often'),
  '65006': retry('alias set too often'),

  // the daily totals; they end at midnight in China
  '10034': tomorrow('app sent too many messages today'),
  '200001': tomorrow('daily quota exceeded'),

  // the target
  '10029': dropToken('illegal device'),

  // sending
  '20209': dropMessage('illegal topic'),
  '20215': retry('subscribing to a topic failed'),
  '20216': retry('unsubscribing from a topic failed'),
  '22100': dropMessage('notification format illegal'),
  '22102': retry('sending the notification failed'),
  '22103': dropMessage('notify id illegal'),
  '26003': retry('internal push call failed'),
  '26006': configure('message needs a review in the console'),
  '27001': configure('channel missing or not approved, or its template missing'),

  // message fields
  '65007': dropMessage('alias blacklisted'),
  '65008': dropMessage('alias too long'),
  '65009': dropMessage('message too long'),
  '65010': dropMessage('topic too long'),
  '65011': dropMessage('no parameters'),
  '65012': dropMessage('alias empty'),
  '65013': dropMessage('topic empty'),
  '65014': dropMessage('too many extra pairs'),
  '65015': dropMessage('extras too long'),
  '65016': dropMessage('account empty'),
  '65017': dropMessage('account too long'),
  '65028': dropMessage('message not found'),
  '65029': retry('remote service error'),
  '65030': retry('JSON could not be built'),
  '65035': dropMessage('too many topics'),
  '65036': configure('callback parameter too long'),
  '65037': configure('callback address too long'),
  '65038': configure('callback address illegal'),
  '65041': dropMessage('IMEI digest empty'),

  // HTTP statuses of an answer without a code; 5xx is `unavailable` whatever its number
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
};
