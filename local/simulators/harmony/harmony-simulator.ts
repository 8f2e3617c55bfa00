import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { commonControl, Faults } from '../faults';
import { statusOf } from '../huawei/codes';
import { consoleControl, PushConsole } from '../huawei/push-console';
import { Receipts } from '../huawei/receipts';
import type { HuaweiServiceAccount } from '../huawei/service-account';
import { issuerOf } from '../huawei/service-account-jwt';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { HarmonyProtocol, type HarmonySettings } from './harmony-protocol';
import { ILLEGAL_REASONS } from './illegal-tokens';

/** What `POST /harmony/control` takes. */
const harmonyControl = v.strictObject({
  ...commonControl,
  ...consoleControl,
  /** Vendor code of the failures asked for with `failNext`, with its usual status unless there is one. */
  code: v.optional(v.pipe(v.string(), v.regex(/^\d{8}$/))),
  /** Tokens of another project, besides those that start with `foreign-`: `noRight`. */
  foreignTokens: v.optional(v.array(v.string())),
  /** Tokens that are not sent to, and why. */
  illegalTokens: v.optional(v.record(v.string(), v.picklist(ILLEGAL_REASONS))),
});
export type HarmonyControl = v.InferOutput<typeof harmonyControl>;

/** What a certificate holds. */
export interface HarmonyCredentials {
  readonly projectId: string;
  readonly clientId: string;
  readonly serviceAccount: HuaweiServiceAccount;
}

export interface HarmonyOptions {
  readonly credentials: HarmonyCredentials;
  readonly packageName: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

export type HarmonyCounters = Counters & ReceiptCounts & { readonly authRequests: 0 };

/** "At most 1000 test messages per project and day" (harmonyos-guides/push-faq-5). */
const TESTS_PER_DAY = 1_000;

/** A Huawei Push Kit for HarmonyOS 5 and later that runs here. */
export class HarmonySimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #console = new PushConsole(TESTS_PER_DAY);
  readonly #receipts: Receipts;
  readonly #settings: HarmonySettings = { foreignTokens: new Set(), illegalTokens: new Map() };

  constructor({ credentials, receiptDelayMs, ...options }: HarmonyOptions) {
    const { packageName, phones } = options;
    this.#receipts = new Receipts(receiptDelayMs, () => this.#console.callbackCredentials);
    const faults = new Faults();
    const protocol = new HarmonyProtocol({
      clientId: credentials.clientId,
      projectId: credentials.projectId,
      packageName,
      phones,
      issuer: issuerOf(credentials.serviceAccount),
      pushConsole: this.#console,
      receipts: this.#receipts,
      faults,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return this.front.handle(req, res, path);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(harmonyControl, order, (change) => this.control(change));
  }

  control(change: HarmonyControl): void {
    const { code, status, foreignTokens, illegalTokens } = change;
    this.front.control({
      ...change,
      status: status ?? (code === undefined ? undefined : statusOf(code)),
    });
    this.#console.apply(change);
    if (foreignTokens !== undefined) this.#settings.foreignTokens = new Set(foreignTokens);
    if (illegalTokens !== undefined) {
      this.#settings.illegalTokens = new Map(Object.entries(illegalTokens));
    }
  }

  counters(): HarmonyCounters {
    return { ...this.front.counters(), authRequests: 0, ...this.#receipts.counts() };
  }

  /** Ends all faults and settings and starts counting anew; the receipt address stays. */
  reset(): void {
    this.front.reset();
    this.#console.reset();
    this.#receipts.resetCounts();
    this.#settings.foreignTokens = new Set();
    this.#settings.illegalTokens = new Map();
  }

  useReceiptAddress(url: string): void {
    this.#console.receiptAddress = url;
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }
}
