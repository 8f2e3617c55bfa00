import { randomUUID } from 'node:crypto';
import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { InjectedFailure } from '../faults';
import { parseJson } from '../json-body';
import type { Phones } from '../phones';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { type Call, type MeizuApp, readCall } from './call';
import { messageOfCode, type Refusal, refuse } from './codes';
import type { MeizuMessage } from './message';
import { readMessage } from './message-rules';
import type { Receipts } from './receipts';
import type { Targets } from './targets';

/** What the protocol works with; the settings may change between requests. */
export interface MeizuParts {
  readonly app: MeizuApp;
  readonly packageName: string;
  readonly phones: Phones;
  readonly receipts: Receipts;
  readonly targets: Targets;
  readonly settings: { isVip: boolean; redirect: string };
}

const PREFIX = '/garcia/api/server/push';
const NOTIFY = `${PREFIX}/varnished/pushByPushId`;
const TRANSPARENT = `${PREFIX}/unvarnished/pushByPushId`;
const MAX_TARGETS = 100;

/** Flyme push as its documents describe it, on Meizu's side. Source: github.com/MEIZUPUSH/PushAPI, README. */
export class MeizuProtocol implements VendorProtocol {
  readonly #parts: MeizuParts;
  readonly #calls = new WeakMap<VendorRequest, Call>();

  constructor(parts: MeizuParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path }: RequestHead): Verdict | undefined {
    if (path !== NOTIFY && path !== TRANSPARENT) {
      return { accepted: false, code: '404', reply: htmlReply(404, 'Not Found') };
    }
    if (method === 'POST') return undefined;
    const reply = htmlReply(405, 'Method Not Allowed', { allow: 'POST' });
    return { accepted: false, code: '405', reply };
  }

  /** Calls with a wrong signature are nobody's, and count for nobody's rate. */
  weigh(request: VendorRequest): number {
    return this.#callOf(request).ok ? 1 : 0;
  }

  refuseByRate(): Verdict {
    return refused(refuse(110010));
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    if (code === undefined) return htmlReply(status, reason ?? 'Service Unavailable', headers);
    const message = reason ?? messageOfCode(Number(code));
    const redirect = code === '300' ? this.#parts.settings.redirect : '';
    return jsonReply(status, { code, message, value: '', redirect }, headers);
  }

  answer(request: VendorRequest): Verdict {
    const call = this.#callOf(request);
    if (!call.ok) return refused(call.refusal);
    // pass-through messages are restricted since 2018-06-16 ("透传限制说明")
    if (request.path === TRANSPARENT) return refused(refuse(110053));
    const pushIds = call.parameters.get('pushIds');
    if (!pushIds) return refused(refuse(110004, 'pushIds'));
    const targets = pushIds.split(',');
    if (targets.length > MAX_TARGETS) {
      return refused(refuse(1005, `more than ${MAX_TARGETS} pushIds`));
    }
    if (targets.includes('')) return refused(refuse(1005, 'an empty pushId'));
    const json = call.parameters.get('messageJson');
    if (!json) return refused(refuse(110004, 'messageJson'));
    const message = readMessage(json, this.#parts.settings.isVip);
    if ('code' in message) return refused(message);
    const now = Date.now();
    if (this.#parts.targets.isDayOver(now)) return refused(refuse(110019));
    return this.#send(message, json, targets, now);
  }

  #send(message: MeizuMessage, json: string, pushIds: readonly string[], now: number): Verdict {
    const isPublic = message.noticeBarInfo?.noticeMsgType !== 1;
    const { reached, failed } = this.#parts.targets.send(pushIds, isPublic, now);
    const msgId = randomUUID().replaceAll('-', '');
    this.#deliver(message, json, reached, msgId);
    this.#report(message, reached, msgId);
    const answer = { code: '200', message: '', value: failed, redirect: '', msgId };
    return { accepted: true, code: '200', targets: reached.length, reply: jsonReply(200, answer) };
  }

  #deliver(
    { noticeBarInfo, advanceInfo }: MeizuMessage,
    json: string,
    pushIds: readonly string[],
    messageId: string,
  ): void {
    const notifyKey = advanceInfo?.notifyKey;
    this.#parts.phones.deliver(
      {
        vendor: 'meizu',
        package: this.#parts.packageName,
        messageId,
        notification: {
          title: noticeBarInfo?.title ?? '',
          body: noticeBarInfo?.content ?? '',
          ...(notifyKey && { tag: notifyKey }),
        },
        fields: { messageJson: parseJson(json) },
      },
      pushIds,
    );
  }

  #report({ extra }: MeizuMessage, targets: readonly string[], messageId: string): void {
    const type = Number(extra?.['callback.type'] ?? 3);
    if (!extra?.callback || type === 2 || targets.length === 0) return;
    const param = extra['callback.param'] ?? '';
    this.#parts.receipts.add({ callback: extra.callback, messageId, param, targets });
  }

  #callOf(request: VendorRequest): Call {
    const known = this.#calls.get(request);
    if (known !== undefined) return known;
    const call = readCall(request, this.#parts.app);
    this.#calls.set(request, call);
    return call;
  }
}

/** A refusal is told in the body alone: the HTTP status is 200, and `value` an empty text. */
function refused({ code, detail }: Refusal): Verdict {
  const words = messageOfCode(code);
  const message = detail === undefined ? words : `${words}: ${detail}`;
  const reply = jsonReply(200, { code: `${code}`, message, value: '', redirect: '' });
  return { accepted: false, code: `${code}`, reply };
}
