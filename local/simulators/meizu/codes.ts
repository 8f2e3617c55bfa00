/**
 * Codes of a whole call, and the words beside them.
 * Source: github.com/MEIZUPUSH/PushAPI, README, "Api returnCode定义" (2025-04-09).
 */
const MESSAGES: Readonly<Record<number, string>> = {
  300: '重定向',
  500: '其他异常',
  1001: '系统错误',
  1003: '服务器忙',
  1005: '参数错误，请参考API文档',
  1006: '签名认证失败',
  110000: 'appId不合法',
  110001: 'appKey不合法',
  110004: '参数不能为空',
  110009: '应用被加入黑名单',
  110010: '应用请求频率超过限制',
  110019: '超过该应用每天推送次数限制',
  110031: 'packageName不合法',
  110032: '非法的taskId',
  110033: '非法的appSecret',
  110051: '超过该应用的次数限制',
  110053: '透传超过限制',
};

export function messageOfCode(code: number): string {
  return MESSAGES[code] ?? '';
}

/**
 * Codes of single targets, as keys of `value` in an answer whose own code is 200.
 * Source: github.com/MEIZUPUSH/PushAPI, README, "map部分code定义".
 */
export const TARGET_CODES = {
  folded: 520,
  notSubscribed: 110002,
  illegal: 110003,
  switchedOff: 110010,
  publicMessagesUsedUp: 110011,
} as const;

/** Why a call is refused; `detail` says more than the vendor's words for the code. */
export interface Refusal {
  readonly code: number;
  readonly detail?: string;
}

export function refuse(code: number, detail?: string): Refusal {
  return { code, ...(detail !== undefined && { detail }) };
}
