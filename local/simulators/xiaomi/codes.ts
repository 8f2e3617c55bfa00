/**
 * The codes this simulator answers with, and the words beside them.
 * Meanings: dev.mi.com pId=1560 (server error codes, 2024-10-18) and the lists in the official Java SDK;
 * 200001 and 200002: dev.mi.com pId=1656 (push message limits, 2026-02-04).
 */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  100: 'parameter must not be blank',
  10004: 'IP not allowed',
  10007: 'unsupported MIME type',
  10008: 'parameter error',
  10016: 'required parameter missing',
  10017: 'illegal parameter value',
  10018: 'request too long',
  10020: 'no such API',
  10021: 'no such API method',
  20301: '发送消息失败',
  21301: '认证失败',
  22022: 'package name illegal',
  22100: 'notification format illegal',
  22103: 'notify id illegal',
  27001: 'channel information does not match',
  65009: 'message too long',
  65014: 'too many extra pairs',
  65015: 'extras too long',
  65036: 'callback param too long',
  65037: 'callback URL too long',
  65038: 'callback URL illegal',
  200001: 'daily quota exceeded',
  200002: 'QPS exceeded',
};

export function describeCode(code: number): string {
  return DESCRIPTIONS[code] ?? 'error';
}

/** Why a request is refused, in the vendor's terms. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

export function refuse(code: number, reason: string): Refusal {
  return { code, reason };
}
