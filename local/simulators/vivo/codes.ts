import { jsonReply, type Reply } from '../exchange';

/**
 * The result codes this simulator answers with. Source: vivo open platform, "PUSH-UPS-API" (doc 362, 2.9.2)
 * for 10070, 10094, 10252; the others as open-source clients and gateways know them.
 */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  0: '请求成功',
  10000: '权限认证失败',
  10070: '发送总量超出限制',
  10071: '不在可发送的时间段',
  10072: '发送速度过快',
  10073: '系统消息发送总量超出限制',
  10085: '消息内容不合法',
  10094: 'appId与鉴权信息不一致',
  10096: 'category不合法',
  10097: 'category与classification不匹配',
  10104: '正式消息不允许发送测试内容',
  10252: '批量发送消息体超出限制',
  10302: 'regId不合法',
};

/** The words beside a code. */
export function describeCode(code: number): string {
  return DESCRIPTIONS[code] ?? 'error';
}

/** Why something is refused, in the vendor's terms. */
export interface Refusal {
  readonly code: number;
  readonly desc: string;
}

/** A refusal in the words of its code, or in others. */
export function refuse(code: number, desc: string = describeCode(code)): Refusal {
  return { code, desc };
}

/** Business results come with HTTP 200 (vivo open platform, doc 362). */
export function errorReply({ code, desc }: Refusal): Reply {
  return jsonReply(200, { result: code, desc });
}

/** What an accepted request is answered with. */
export function okReply(more: Readonly<Record<string, unknown>>): Reply {
  return jsonReply(200, { result: 0, desc: describeCode(0), ...more });
}
