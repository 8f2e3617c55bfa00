/** Lists of accounts in V1's spellings. */
const V1_LIST = /(^|\.)(forcePushIDsList|forcePushList|forcepushlist|apnsMemberOption\.userIds)$/;
/** Within an object of push properties, or a field of V1's forms. */
const PUSH_PROPERTY =
  /(^|\.)(pushConfig|push_config)($|[.[])|^(option|payload|pushContent|forcePush\w*)($|[.[])/i;

/**
 * NIM's own number for what is wrong with a push property: 811 for too many forced accounts in V1, 107316 in V2, 414
 * for anything else; none for other fields. Source: npm `nim-web-sdk-ng` 10.8.1 (error codes).
 *
 * @param path as callers read it, e.g. `messages[0].pushConfig.forcePushIDsList`
 * @param isListTooLong whether a list has too many entries
 */
export function nimCodeOf(path: string, isListTooLong: boolean): number | undefined {
  if (!PUSH_PROPERTY.test(path)) return undefined;
  if (!isListTooLong) return 414;
  return V1_LIST.test(path) ? 811 : 107_316;
}
