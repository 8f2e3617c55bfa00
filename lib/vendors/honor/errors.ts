import { configure, dropMessage, dropToken, refused, retry, slowDown } from '../error-meanings';
import { huaweiCodes } from '../huawei-codes';
import type { ErrorTable } from '../vendor';

/**
 * Honor's code → meaning. Honor's own table (developer.honor.com/cn/docs/11002/reference/downlink-message) was not to be had; these
 * are the codes of a gateway in use (github.com/doopush/doopush, checked 2026-11-24). `answers.ts` decides what a code alone
 * does not: 400 and 404 go by their words first. Left out on purpose, so that they are tried a bounded number of times and alarmed:
 * `failTokens` (sending failed, nobody knows why) and a `sendResult` of false. 200 is success.
 */
export const errors: ErrorTable = {
  // Honor took Huawei's message model over, and some gateways its codes as well: if one comes, it means the same
  ...huaweiCodes,

  // the list of an answer that a token is in
  expireTokens: dropToken('token no longer valid'),

  '400': dropMessage('parameter error'),
  '401': refused('authentication failed'),
  '403': configure('no permission'),
  '404': configure('not found: is the App ID right?'),
  '429': slowDown('too many requests'),
  '500': retry('internal error'),
  '502': retry('bad gateway'),
  // nobody tells that this is Honor's rate, as Huawei does of its own; whoever waits a little is right either way
  '503': retry('service unavailable'),
  '504': retry('gateway timed out'),

  // what the words of a code in no row say
  'token-words': dropToken('push token invalid'),
  'flow-words': slowDown('too many requests'),

  // HTTP statuses; another 5xx is `unavailable` whatever its number
  'http-400': dropMessage('HTTP 400 without a code'),
  'http-401': refused('access token refused'),
  'http-403': configure('HTTP 403: no permission'),
  'http-404': configure('HTTP 404 without a code: is the endpoint right?'),
  'http-408': retry('HTTP 408 without a code'),
  'http-413': dropMessage('HTTP 413 without a code'),
  'http-429': slowDown('HTTP 429: too many requests'),
  'http-500': retry('HTTP 500'),
  'http-502': retry('HTTP 502'),
  'http-503': retry('HTTP 503'),
  'http-504': retry('HTTP 504'),
};
