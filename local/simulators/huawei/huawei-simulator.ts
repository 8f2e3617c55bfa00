import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { readBody, writeReply } from '../exchange';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { TokenDesk, tokenControl } from '../token-desk';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { statusOf } from './codes';
import { HuaweiProtocol, type HuaweiSettings } from './huawei-protocol';
import { LIFE_SECONDS, OAuth, withoutSecret } from './oauth';
import { consoleControl, PushConsole } from './push-console';
import { Receipts } from './receipts';
import type { HuaweiServiceAccount } from './service-account';
import { issuerOf } from './service-account-jwt';

/** What `POST /huawei/control` takes. */
const huaweiControl = v.strictObject({
  ...commonControl,
  ...tokenControl,
  ...consoleControl,
  /** Vendor code of the failures asked for with `failNext`, with its usual status unless there is one. */
  code: v.optional(v.pipe(v.string(), v.regex(/^\d{8}$/))),
  /** Tokens of another app, besides those that start with `foreign-`. */
  foreignTokens: v.optional(v.array(v.string())),
  /** True: the app may send with urgency HIGH. */
  highPriority: v.optional(v.boolean()),
  /** Form of the receipts; default v1. */
  receiptVersion: v.optional(v.picklist(['v1', 'v2'])),
  /** Access tokens in any 5 minutes; default 1,000, null: no limit. */
  accessTokenLimit: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
});
export type HuaweiControl = v.InferOutput<typeof huaweiControl>;

/** What a certificate holds to send with the client secret. */
export interface HuaweiClientCredentials {
  readonly appId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a certificate holds to send with a service account's JWT. */
export interface HuaweiServiceAccountCredentials {
  readonly appId: string;
  readonly clientId: string;
  readonly serviceAccount: HuaweiServiceAccount;
}

export interface HuaweiOptions {
  readonly credentials: HuaweiClientCredentials;
  readonly serviceAccount: HuaweiServiceAccount;
  readonly packageName: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

export type HuaweiCounters = Counters &
  ReceiptCounts & {
    /** Requests for an access token, refused ones included. */
    readonly authRequests: number;
  };

/** Path of the token endpoint. Source: developer.huawei.com, HMSCore-Guides/oauth2-0000001212610981. */
const TOKEN_PATH = '/oauth2/v3/token';
/** "1: test message, 500 per day per app" (HMSCore-References/https-send-api-0000001050986197). */
const TESTS_PER_DAY = 500;
const SETTINGS: HuaweiSettings = {
  highPriority: false,
  receiptVersion: 'v1',
  foreignTokens: new Set(),
};

/** A Huawei Push Kit for Android that runs here, with the token endpoint of its app. */
export class HuaweiSimulator implements VendorSimulator {
  readonly front: VendorFront;
  /** The other form of the same app's credentials. */
  readonly serviceAccountCredentials: HuaweiServiceAccountCredentials;
  readonly #desk = new TokenDesk(LIFE_SECONDS);
  readonly #oauth: OAuth;
  readonly #console = new PushConsole(TESTS_PER_DAY);
  readonly #receipts: Receipts;
  readonly #settings: HuaweiSettings = { ...SETTINGS };

  constructor({ credentials, serviceAccount, receiptDelayMs, ...options }: HuaweiOptions) {
    const { appId, clientId } = credentials;
    const { packageName, phones } = options;
    this.serviceAccountCredentials = { appId, clientId, serviceAccount };
    this.#oauth = new OAuth(credentials, this.#desk);
    this.#receipts = new Receipts(receiptDelayMs, () => this.#console.callbackCredentials);
    const faults = new Faults();
    const protocol = new HuaweiProtocol({
      appId,
      clientId,
      projectId: serviceAccount.project_id,
      packageName,
      phones,
      desk: this.#desk,
      issuer: issuerOf(serviceAccount),
      pushConsole: this.#console,
      receipts: this.#receipts,
      faults,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return path === TOKEN_PATH ? this.#authorize(req, res) : this.front.handle(req, res, path);
  }

  async #authorize(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const reply = this.#oauth.answer({ method: req.method ?? '', headers: req.headers, body });
    this.front.captured.add(req, withoutSecret(body), reply.status);
    writeReply(res, reply);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(huaweiControl, order, (change) => this.control(change));
  }

  control(change: HuaweiControl): void {
    const { code, status, foreignTokens, highPriority, receiptVersion } = change;
    this.front.control({
      ...change,
      status: status ?? (code === undefined ? undefined : statusOf(code)),
    });
    this.#console.apply(change);
    if (foreignTokens !== undefined) this.#settings.foreignTokens = new Set(foreignTokens);
    if (highPriority !== undefined) this.#settings.highPriority = highPriority;
    if (receiptVersion !== undefined) this.#settings.receiptVersion = receiptVersion;
    this.#desk.control(change);
    if (change.accessTokenLimit !== undefined) {
      this.#oauth.limit = change.accessTokenLimit ?? Infinity;
    }
  }

  counters(): HuaweiCounters {
    return {
      ...this.front.counters(),
      authRequests: this.#desk.requests,
      ...this.#receipts.counts(),
    };
  }

  /** Ends all faults and settings and starts counting anew; access tokens and the receipt address stay good. */
  reset(): void {
    this.front.reset();
    this.#console.reset();
    this.#receipts.resetCounts();
    Object.assign(this.#settings, SETTINGS);
    this.#desk.reset();
    this.#oauth.clearWindow();
  }

  useReceiptAddress(url: string): void {
    this.#console.receiptAddress = url;
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }
}
