import * as v from 'valibot';
import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import { type ParsedBody, readJsonBody } from '../json-body';
import type { TokenDesk } from '../token-desk';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { describeCode, errorReply, okReply, type Refusal, refuse } from './codes';
import type { Deliveries } from './deliveries';
import { type GroupBody, groupBody, listPush, type SinglePush, singlePush } from './message';
import { findRefusal, PARAMETER_CODES } from './message-rules';
import type { Receipts } from './receipts';
import type { VivoSettings } from './vivo-settings';

/** What the protocol works with; the settings may change between requests. */
export interface VivoParts {
  readonly appId: string;
  readonly desk: TokenDesk;
  readonly deliveries: Deliveries;
  readonly receipts: Receipts;
  readonly faults: Faults;
  settings(): VivoSettings;
}

const SEND = '/message/send';
const SAVE = '/message/saveListPayload';
const PUSH_TO_LIST = '/message/pushToList';
const SERVED: ReadonlySet<string> = new Set([SEND, SAVE, PUSH_TO_LIST]);

/** Saved bodies kept; the oldest is forgotten first. */
const KEEP_BODIES = 10_000;

const parameter = (issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string =>
  `${v.getDotPath(issues[0]) ?? 'body'}不合法: ${issues[0].message}`;

/** vivo Push on the vendor's side (vivo open platform, "PUSH-UPS-API", doc 362, 2.9.2). */
export class VivoProtocol implements VendorProtocol {
  readonly #parts: VivoParts;
  readonly #bodies = new WeakMap<VendorRequest, ParsedBody>();
  readonly #saved = new Map<string, GroupBody>();

  constructor(parts: VivoParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    if (!SERVED.has(path)) return page(404, 'Not Found');
    if (method !== 'POST') return page(405, 'Method Not Allowed');
    const token = String(headers['authtoken'] ?? '');
    return this.#parts.desk.isGood(token, Date.now()) ? undefined : refused(refuse(10_000));
  }

  /** Messages; test messages and saved bodies count nothing. */
  weigh(request: VendorRequest): number {
    const json = this.#read(request);
    const value: unknown = json.ok ? json.value : undefined;
    if (request.path === SAVE) return 0;
    if (request.path === SEND) return isTest(value) ? 0 : 1;
    const list = v.safeParse(listPush, value);
    if (!list.success) return 1;
    return isTest(this.#saved.get(list.output.taskId)) ? 0 : list.output.regIds.length;
  }

  refuseByRate(): Verdict {
    return refused(refuse(10_072));
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    if (code === undefined) return htmlReply(status, reason ?? 'Internet server error!', headers);
    const desc = reason ?? describeCode(Number(code));
    return jsonReply(status, { result: Number(code), desc }, headers);
  }

  answer(request: VendorRequest): Verdict {
    const json = this.#read(request);
    const code = request.path === SEND ? PARAMETER_CODES.send : PARAMETER_CODES.group;
    if (!json.ok) return refused(refuse(code, json.problem));
    const now = Date.now();
    if (request.path === SEND) return this.#send(json.value, now);
    return request.path === SAVE ? this.#save(json.value, now) : this.#pushToList(json.value, now);
  }

  clear(): void {
    this.#saved.clear();
  }

  #send(value: unknown, now: number): Verdict {
    const parsed = v.safeParse(singlePush, value);
    if (!parsed.success) return refused(refuse(PARAMETER_CODES.send, parameter(parsed.issues)));
    const message = parsed.output;
    const { appId, deliveries, settings } = this.#parts;
    const refusal =
      findRefusal(message, appId, settings().contentReview, PARAMETER_CODES.send) ??
      (settings().illegalTokens.has(message.regId) ? refuse(10_302) : undefined) ??
      deliveries.findRefusal(message, 1, now);
    if (refusal !== undefined) return refused(refusal);
    const taskId = deliveries.newTaskId();
    const invalidUser = deliveries.findInvalid(message, message.regId);
    if (invalidUser !== undefined) return accepted(0, { taskId, invalidUser });
    this.#bringOne(message, taskId, now);
    return accepted(1, { taskId });
  }

  #bringOne(message: SinglePush, taskId: string, now: number): void {
    const { deliveries, receipts } = this.#parts;
    const shown = deliveries.bring(message, taskId, [message.regId], now);
    // receipts are for single pushes of production messages only
    if (shown.length > 0 && message.pushMode !== 1) receipts.add(message, taskId);
  }

  #save(value: unknown, now: number): Verdict {
    const parsed = v.safeParse(groupBody, value);
    if (!parsed.success) return refused(refuse(PARAMETER_CODES.group, parameter(parsed.issues)));
    const body = parsed.output;
    const { appId, deliveries, settings } = this.#parts;
    const refusal =
      findRefusal(body, appId, settings().contentReview, PARAMETER_CODES.group) ??
      deliveries.findRefusal(body, 1, now);
    if (refusal !== undefined) return refused(refusal);
    if (!deliveries.admitPayload(now)) return refused(refuse(10_252));
    const taskId = deliveries.newTaskId();
    this.#saved.set(taskId, body);
    const [oldest] = this.#saved.keys();
    if (this.#saved.size > KEEP_BODIES && oldest !== undefined) this.#saved.delete(oldest);
    return accepted(0, { taskId });
  }

  #pushToList(value: unknown, now: number): Verdict {
    const parsed = v.safeParse(listPush, value);
    if (!parsed.success) return refused(refuse(PARAMETER_CODES.group, parameter(parsed.issues)));
    const { appId, taskId, regIds, requestId } = parsed.output;
    if (appId !== undefined && String(appId) !== this.#parts.appId) return refused(refuse(10_094));
    const body = this.#saved.get(taskId);
    if (body === undefined) return refused(refuse(PARAMETER_CODES.group, 'taskId不合法'));
    const { deliveries } = this.#parts;
    const invalidUsers = regIds.flatMap((token) => deliveries.findInvalid(body, token) ?? []);
    const invalid = new Set(invalidUsers.map(({ userid }) => userid));
    const living = regIds.filter((token) => !invalid.has(token));
    const refusal = deliveries.findRefusal(body, living.length, now);
    if (refusal !== undefined) return refused(refusal);
    deliveries.bring(body, taskId, living, now);
    return accepted(living.length, { requestId, ...(invalid.size > 0 && { invalidUsers }) });
  }

  #read(request: VendorRequest): ParsedBody {
    const known = this.#bodies.get(request);
    if (known !== undefined) return known;
    const body = readJsonBody(request);
    this.#bodies.set(request, body);
    return body;
  }
}

function isTest(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'pushMode' in message &&
    message.pushMode === 1
  );
}

function accepted(targets: number, more: Readonly<Record<string, unknown>>): Verdict {
  return { accepted: true, code: '0', targets, reply: okReply(more) };
}

function refused(refusal: Refusal): Verdict {
  return { accepted: false, code: `${refusal.code}`, reply: errorReply(refusal) };
}

function page(status: number, title: string): Verdict {
  return { accepted: false, code: `${status}`, reply: htmlReply(status, title) };
}
