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
 * vivo's code → meaning. 0, 10070, 10094, 10252 and 10254: https://dev.vivo.com.cn/documentCenter/doc/362 (version 2.9.2); 10096 and
 * 10097: its field comments in github.com/modood/pushapi (2025); 10104: help.aliyun.com/zh/document_detail/611820.html; the others from
 * production clients, some of which only group them. All checked 2026-11-24. vivo publishes more codes than anybody quotes: those are
 * tried a bounded number of times and alarmed. `protocol.ts` decides what a code alone does not: a bad token among several, and until
 * when 10071 lasts; `sender.ts` sends other words after 10085 and 10104, and one by one after 10252.
 */
export const errors: ErrorTable = {
  // credentials; after these the auth token is replaced once
  '10000': refused('authentication failed'),
  '10001': refused('auth token invalid'),

  // the app
  '10043': configure('state or right of the app'),
  '10045': configure('state or right of the app'),
  '10094': pause('appId is not that of the auth token'),

  // how much, and when; the day ends at midnight in China
  '10070': tomorrow('total of the day exceeded'),
  '10071': retry('outside the hours of this class, 7:00 to 23:00 in China'),
  '10072': slowDown('sending too fast'),
  '10073': tomorrow('total of the day exceeded for system messages'),
  '10252': tomorrow('saved bodies of the day exceeded'),
  '10254': tomorrow('messages to all of the day exceeded'),

  // the message
  '10085': dropMessage('words vivo does not take for a real message'),
  '10104': dropMessage('words vivo does not take for a real message'),
  '10096': configure('category wrong'),
  '10097': configure('category does not fit the classification'),

  // the saved body of a message to several phones
  '10200': configure('saved body'),
  '10201': configure('saved body'),
  '10202': configure('saved body'),
  '10203': configure('saved body'),
  '10204': configure('saved body'),
  '10205': configure('saved body'),
  '10206': configure('saved body'),
  '10207': configure('saved body'),

  // the target
  '10302': dropToken('regId not legal'),

  // `status` of an invalid user
  'user-1': dropToken('regId unknown to this app'),
  'user-2': dropToken('app uninstalled, unsubscribed, or its data cleared'),
  'user-3': dropMessage('phone not online for 90 days'),
  'user-4': configure('no test user, but a test message'),

  // HTTP statuses of an answer without a code; another 5xx is `unavailable` whatever its number
  'http-401': refused('HTTP 401 without a code'),
  'http-403': configure('HTTP 403 without a code'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429 without a code'),
  'http-500': retry('internal error'),
};
