import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Reply, VendorRequest } from '../exchange';
import { readJsonBody } from '../json-body';
import { RateWindow } from '../rate-window';
import type { TokenDesk } from '../token-desk';
import { errorReply, okReply, type Refusal, refuse } from './codes';

/** 24 hours; an app may hold several valid tokens (vivo open platform, doc 362). */
export const LIFE_SECONDS = 86_400;

/** 10 auth calls a second for each app (doc 362, 2.9.2). */
const RATE_PER_SECOND = 10;
/** The timestamp may be so far from the server's (doc 362, as quoted in modood/pushapi). */
const CLOCK_TOLERANCE_MS = 600_000;

const text = v.pipe(v.string(), v.nonEmpty());

const authRequest = v.strictObject({
  // the official SDK sends a number, several clients a text
  appId: v.union([v.pipe(v.number(), v.integer()), text]),
  appKey: text,
  timestamp: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1_000_000_000_000),
    v.maxValue(9_999_999_999_999),
  ),
  sign: text,
});

/** Whom auth tokens are issued to. */
export interface VivoAccount {
  readonly appId: string;
  readonly appKey: string;
  readonly appSecret: string;
}

/** MD5 over app id, app key, timestamp and secret without separators, lower-case hex (doc 362). */
export function sign({ appId, appKey, appSecret }: VivoAccount, timestamp: number): string {
  return createHash('md5').update(`${appId}${appKey}${timestamp}${appSecret}`).digest('hex');
}

/** The auth call of one app. */
export class Auth {
  readonly #account: VivoAccount;
  readonly #desk: TokenDesk;
  readonly #window = new RateWindow(RATE_PER_SECOND);

  constructor(account: VivoAccount, desk: TokenDesk) {
    this.#account = account;
    this.#desk = desk;
  }

  /** `arrivedMs`: when it came, by a clock that never goes back. */
  answer(
    request: Pick<VendorRequest, 'headers' | 'body'>,
    arrivedMs: number = performance.now(),
  ): Reply {
    const now = Date.now();
    const refusal = this.#findRefusal(request, now, arrivedMs);
    return refusal === undefined
      ? okReply({ authToken: this.#desk.issue('', now) })
      : errorReply(refusal);
  }

  clear(): void {
    this.#window.clear();
  }

  #findRefusal(
    request: Pick<VendorRequest, 'headers' | 'body'>,
    now: number,
    arrivedMs: number,
  ): Refusal | undefined {
    const json = readJsonBody(request);
    if (!json.ok) return refuse(10_000, json.problem);
    const parsed = v.safeParse(authRequest, json.value);
    if (!parsed.success) {
      return refuse(10_000, `${v.getDotPath(parsed.issues[0]) ?? 'body'}不合法`);
    }
    const { appId, appKey, timestamp, sign: given } = parsed.output;
    if (String(appId) !== this.#account.appId) return refuse(10_000, 'appId不合法');
    if (!this.#window.admit(arrivedMs)) return refuse(10_072);
    if (appKey !== this.#account.appKey) return refuse(10_000, 'appKey不合法');
    if (Math.abs(timestamp - now) > CLOCK_TOLERANCE_MS) {
      return refuse(10_000, 'timestamp不合法');
    }
    return given === sign(this.#account, timestamp) ? undefined : refuse(10_000, 'sign不合法');
  }
}
