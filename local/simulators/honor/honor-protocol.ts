import * as v from 'valibot';
import type { DayCounts } from '../china-day';
import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import { readJsonBody } from '../json-body';
import type { Phones } from '../phones';
import { randomDigits } from '../random-digits';
import type { TokenDesk } from '../token-desk';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { type HonorMessage, honorMessage } from './message';
import { findProblem, textsOf } from './message-rules';
import { DELIVERED, type HonorStatus, type Receipts } from './receipts';

/** What may change between requests. */
export interface HonorSettings {
  failTokens: ReadonlySet<string>;
  selfClassification: boolean;
  night: boolean;
  dailyTestQuota: number;
  perDeviceQuota: number | undefined;
  receiptStatuses: { readonly dead?: number | undefined; readonly withheld?: number | undefined };
}

/** What the protocol works with; the settings may change between requests. */
export interface HonorParts {
  readonly appId: string;
  readonly packageName: string;
  readonly phones: Phones;
  readonly desk: TokenDesk;
  readonly receipts: Receipts;
  readonly counts: DayCounts;
  readonly faults: Faults;
  readonly settings: HonorSettings;
}

const SEND = /^\/api\/v1\/([^/]+)\/sendMessage$/;
const CLOCK_TOLERANCE_MS = 600_000;
const TEST_MESSAGES = 'test';

/**
 * Honor Push on the vendor's side (Honor developer account, "Honor Push – sending downlink messages",
 * my.oschina.net/u/5873522/blog/10140231). The meaning of codes other than 200 is that of
 * github.com/doopush/doopush: Honor's table is not public.
 */
export class HonorProtocol implements VendorProtocol {
  readonly #parts: HonorParts;

  constructor(parts: HonorParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    const [, appId] = SEND.exec(path) ?? [];
    if (appId === undefined) return page(404, 'Not Found');
    if (method !== 'POST') return page(405, 'Method Not Allowed');
    const [, accessToken = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!this.#parts.desk.isGood(accessToken, Date.now())) {
      return refuse(401, 'the access token is invalid or expired');
    }
    return appId === this.#parts.appId
      ? undefined
      : refuse(403, 'no permission to send to this app');
  }

  refuseByRate(): Verdict {
    return refuse(429, 'the flow limit is exceeded');
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    if (code === undefined) return htmlReply(status, reason ?? 'Service Unavailable', headers);
    return jsonReply(status, { code: Number(code), message: reason ?? 'failed' }, headers);
  }

  answer(request: VendorRequest): Verdict {
    const now = Date.now();
    const timestamp = String(request.headers['timestamp'] ?? '');
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - now) > CLOCK_TOLERANCE_MS) {
      return refuse(400, 'the header timestamp must be the current time in milliseconds');
    }
    const json = readJsonBody(request);
    if (!json.ok) return refuse(400, json.problem);
    const parsed = v.safeParse(honorMessage, json.value);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      return refuse(400, `${v.getDotPath(issue) ?? 'body'} is illegal: ${issue.message}`);
    }
    const problem = findProblem(parsed.output);
    return problem === undefined ? this.#send(parsed.output, now) : refuse(400, problem);
  }

  #send(message: HonorMessage, now: number): Verdict {
    const { faults, settings, counts } = this.#parts;
    const isTest = message.android?.targetUserType === 1;
    if (isTest) {
      const asked = message.token.length;
      if (!counts.hasRoom(TEST_MESSAGES, asked, settings.dailyTestQuota, now)) {
        return refuse(429, 'the limit of test messages is exceeded');
      }
      counts.add(TEST_MESSAGES, asked, now);
    }
    const expireTokens = message.token.filter((token) => faults.isDead(token));
    const living = message.token.filter((token) => !faults.isDead(token));
    const failTokens = living.filter((token) => settings.failTokens.has(token));
    const sent = living.filter((token) => !settings.failTokens.has(token));
    const shown = new Set(sent.filter((token) => this.#isShown(message, token, now)));
    const requestId = `${now}${randomDigits(6)}`;
    this.#deliver(message, [...shown], requestId);
    const withheld = sent.filter((token) => !shown.has(token));
    this.#report(message, requestId, DELIVERED, [...shown]);
    this.#report(message, requestId, settings.receiptStatuses.withheld, withheld);
    this.#report(message, requestId, settings.receiptStatuses.dead, expireTokens);
    const data = { sendResult: sent.length > 0, requestId, failTokens, expireTokens };
    const reply = jsonReply(200, { code: 200, message: 'success', data });
    return { accepted: true, code: '200', targets: sent.length, reply };
  }

  /** Whether a phone shows it: not over its daily limit of marketing messages, not in the night. */
  #isShown(message: HonorMessage, token: string, now: number): boolean {
    const { settings, counts } = this.#parts;
    if (textsOf(message) === undefined) return true;
    if (settings.night) return false;
    const { notification, targetUserType } = message.android ?? {};
    const isMarketing = notification?.importance !== 'NORMAL' || !settings.selfClassification;
    if (!isMarketing || targetUserType === 1) return true;
    const key = `device ${token}`;
    if (!counts.hasRoom(key, 1, settings.perDeviceQuota, now)) return false;
    counts.add(key, 1, now);
    return true;
  }

  #deliver(message: HonorMessage, tokens: readonly string[], messageId: string): void {
    const { token: _, ...fields } = message;
    const texts = textsOf(message);
    const { notifyId = -1, tag } = message.android?.notification ?? {};
    this.#parts.phones.deliver(
      {
        vendor: 'honor',
        package: this.#parts.packageName,
        messageId,
        ...(texts !== undefined && {
          notification: {
            ...texts,
            ...(notifyId !== -1 && { notifyId }),
            ...(tag !== undefined && { tag }),
          },
        }),
        fields,
      },
      tokens,
    );
  }

  #report(
    { android }: HonorMessage,
    requestId: string,
    status: number | undefined,
    tokens: readonly string[],
  ): void {
    if (status === undefined) return;
    const { biTag } = android ?? {};
    const common = {
      ...(biTag !== undefined && { biTag }),
      appid: this.#parts.appId,
      status,
      timestamp: Date.now(),
      requestId,
    };
    this.#parts.receipts.add(tokens.map((token): HonorStatus => ({ ...common, token })));
  }
}

function refuse(code: number, message: string): Verdict {
  return { accepted: false, code: `${code}`, reply: jsonReply(code, { code, message }) };
}

function page(status: number, title: string): Verdict {
  return { accepted: false, code: `${status}`, reply: htmlReply(status, title) };
}
