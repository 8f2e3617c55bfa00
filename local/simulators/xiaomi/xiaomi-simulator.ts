import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { DailyQuota } from '../daily-quota';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import type { XiaomiChannels } from './channels';
import { Receipts } from './receipts';
import { XiaomiProtocol } from './xiaomi-protocol';

/** What `POST /xiaomi/control` takes. */
const xiaomiControl = v.strictObject({
  ...commonControl,
  /** Vendor code of the failures asked for with `failNext`. */
  code: v.optional(v.pipe(v.number(), v.integer())),
  /** Every request is answered with 10004. */
  ipNotAllowed: v.optional(v.boolean()),
  /** Messages that may be delivered in one day (China time); null: no limit. */
  dailyQuota: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** Approved channels by id; null: channels are not looked at. */
  channels: v.optional(
    v.nullable(
      v.record(
        v.string(),
        v.pipe(
          v.strictObject({
            kind: v.picklist(['public', 'private']),
            templates: v.optional(v.record(v.string(), v.array(v.string()))),
          }),
          v.readonly(),
        ),
      ),
    ),
  ),
});
export type XiaomiControl = v.InferOutput<typeof xiaomiControl>;

export interface XiaomiOptions {
  readonly credentials: { readonly appSecret: string };
  readonly packages: readonly string[];
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

export type XiaomiCounters = Counters & ReceiptCounts & { readonly authRequests: 0 };

/** A Xiaomi Push that runs here. */
export class XiaomiSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #receipts: Receipts;
  readonly #quota = new DailyQuota(undefined);
  readonly #settings: { ipNotAllowed: boolean; channels?: XiaomiChannels | undefined } = {
    ipNotAllowed: false,
  };

  constructor({ credentials, packages, phones, receiptDelayMs, ...options }: XiaomiOptions) {
    this.#receipts = new Receipts(receiptDelayMs);
    const faults = new Faults();
    const protocol = new XiaomiProtocol({
      appSecret: credentials.appSecret,
      packages,
      phones,
      receipts: this.#receipts,
      quota: this.#quota,
      faults,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return this.front.handle(req, res, path);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(xiaomiControl, order, (change) => this.control(change));
  }

  control(change: XiaomiControl): void {
    this.front.control(change);
    if (change.ipNotAllowed !== undefined) this.#settings.ipNotAllowed = change.ipNotAllowed;
    if (change.channels !== undefined) this.#settings.channels = change.channels ?? undefined;
    if (change.dailyQuota !== undefined) this.#quota.total = change.dailyQuota ?? undefined;
  }

  counters(): XiaomiCounters {
    return { ...this.front.counters(), authRequests: 0, ...this.#receipts.counts() };
  }

  /** Ends all faults and settings and starts counting anew. */
  reset(): void {
    this.front.reset();
    this.#receipts.resetCounts();
    this.#quota.total = undefined;
    this.#quota.clear();
    this.#settings.ipNotAllowed = false;
    this.#settings.channels = undefined;
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }
}
