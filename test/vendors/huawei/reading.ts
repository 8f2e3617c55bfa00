import type { SendOutcome } from '../../../lib/model/send-outcome';
import type { HttpResult } from '../../../lib/model/vendor-ports';
import { errors } from '../../../lib/vendors/huawei/errors';
import { readAnswer, type SentTokens } from '../../../lib/vendors/huawei-answers';

export const NOW = Date.parse('2026-11-24T08:00:00Z');
export const ACCESS_TOKEN = 'CgB6e3x9AT/abc+1==';
export const ONE: SentTokens = {
  tokens: ['tokA'],
  secrets: [ACCESS_TOKEN],
  errors,
  isProven: false,
};
export const FOUR: SentTokens = { ...ONE, tokens: ['tokA', 'tokB', 'tokC', 'tokD'] };

export function answer(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): HttpResult {
  return {
    kind: 'response',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export function readAll(result: HttpResult, sent = ONE): readonly SendOutcome[] {
  const { outcomeOf } = readAnswer(result, sent, NOW);
  return sent.tokens.map((token) => outcomeOf(token));
}
export const read = (result: HttpResult, sent = ONE) => readAll(result, sent)[0];
export const kinds = (result: HttpResult, sent = FOUR) =>
  readAll(result, sent).map(({ kind }) => kind);

/** Reasons of failed tokens that another reason than the token has. */
export const OTHER_REASONS = [
  'tokenPlatformNotSupport',
  'noPushTypeRight',
  'atomicUnableSendUnsubscribedMsg',
  'countryNotSupport',
  'disableSendHuaweiMsgBecauseOfPenalty',
  'differentImgVerifyPolicy',
  'appinfoError',
  'noRightToSendThisLiveNotificationEvent',
  'notSupportPlayVoice',
];
