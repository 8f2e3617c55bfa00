/**
 * Why v3 does not send to a token.
 * Source: developer.huawei.com, harmonyos-references/push-scenariozed-api-response, 80100000 and 80300007.
 */
export const ILLEGAL_REASONS = [
  'tokenFormatError',
  'tokenPlatformNotSupport',
  'noRight',
  'noPushTypeRight',
  'atomicUnableSendUnsubscribedMsg',
  'countryNotSupport',
  'disableSendHuaweiMsgBecauseOfPenalty',
  'differentImgVerifyPolicy',
  'appinfoError',
  'noRightToSendThisLiveNotificationEvent',
  'notSupportPlayVoice',
] as const;

export type IllegalReason = (typeof ILLEGAL_REASONS)[number];

/** Tokens that can be sent to, and the others by reason. */
export interface SortedTokens {
  readonly legal: readonly string[];
  readonly illegal: Readonly<Partial<Record<IllegalReason, readonly string[]>>>;
  readonly illegalCount: number;
}

/** Parts the tokens of a request. */
export function sortTokens(
  tokens: readonly string[],
  reasonOf: (token: string) => IllegalReason | undefined,
): SortedTokens {
  const legal: string[] = [];
  const illegal: Partial<Record<IllegalReason, string[]>> = {};
  for (const token of tokens) {
    const reason = reasonOf(token);
    if (reason === undefined) {
      legal.push(token);
      continue;
    }
    const same = illegal[reason] ?? [];
    illegal[reason] = same;
    same.push(token);
  }
  return { legal, illegal, illegalCount: tokens.length - legal.length };
}
