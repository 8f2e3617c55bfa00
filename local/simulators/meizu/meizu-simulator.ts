import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import type { MeizuApp } from './call';
import { MeizuProtocol } from './meizu-protocol';
import { type MeizuReceiptCounts, Receipts } from './receipts';
import { Targets } from './targets';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const limit = v.optional(v.nullable(count));

/** What `POST /meizu/control` takes. */
const meizuControl = v.strictObject({
  ...commonControl,
  /** Vendor code of the failures asked for with `failNext`. */
  code: v.optional(v.pipe(v.number(), v.integer())),
  /** Where code 300 sends the caller. */
  redirect: v.optional(v.string()),
  /** Messages that may be delivered in one day (China time): public ones, and all; null: no limit. */
  dailyQuota: v.optional(v.strictObject({ public: limit, total: limit })),
  /** Messages a phone gets in a minute before the next are folded; null: none is. */
  foldAfter: limit,
  /** Phones whose owner switched notifications off, besides those that begin with `muted-`. */
  mutedTokens: v.optional(v.array(v.string())),
  /** A code for each of some pushIds. */
  targetCodes: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer()))),
  /** Whether the app may use what is for VIP apps. */
  vip: v.optional(v.boolean()),
  /** `access_token` of receipts. */
  receiptSecret: v.optional(v.string()),
});
export type MeizuControl = v.InferOutput<typeof meizuControl>;

export interface MeizuOptions {
  readonly app: MeizuApp;
  readonly packageName: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
  /** `access_token` of receipts until another one is set. */
  readonly receiptToken: string;
}

export type MeizuCounters = Counters & MeizuReceiptCounts & { readonly authRequests: 0 };

/** A Meizu push cloud that runs here. */
export class MeizuSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #receipts: Receipts;
  readonly #targets: Targets;
  readonly #receiptToken: string;
  readonly #settings = { isVip: false, redirect: '' };

  constructor({
    app,
    packageName,
    phones,
    receiptDelayMs,
    receiptToken,
    ...options
  }: MeizuOptions) {
    const faults = new Faults();
    this.#receiptToken = receiptToken;
    this.#receipts = new Receipts(receiptDelayMs, receiptToken);
    this.#targets = new Targets(faults);
    const protocol = new MeizuProtocol({
      app,
      packageName,
      phones,
      receipts: this.#receipts,
      targets: this.#targets,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  /** What receipts have as `access_token` now. */
  get receiptToken(): string {
    return this.#receipts.accessToken;
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return this.front.handle(req, res, path);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(meizuControl, order, (change) => this.control(change));
  }

  control(change: MeizuControl): void {
    this.front.control(change);
    const { settings } = this.#targets;
    const { dailyQuota = {}, foldAfter, mutedTokens, targetCodes } = change;
    if (dailyQuota.public !== undefined) settings.publicQuota = dailyQuota.public ?? undefined;
    if (dailyQuota.total !== undefined) settings.totalQuota = dailyQuota.total ?? undefined;
    if (foldAfter !== undefined) settings.foldAfter = foldAfter ?? undefined;
    if (mutedTokens !== undefined) settings.mutedTokens = new Set(mutedTokens);
    if (targetCodes !== undefined) settings.targetCodes = targetCodes;
    if (change.vip !== undefined) this.#settings.isVip = change.vip;
    if (change.redirect !== undefined) this.#settings.redirect = change.redirect;
    if (change.receiptSecret !== undefined) this.#receipts.accessToken = change.receiptSecret;
  }

  counters(): MeizuCounters {
    return { ...this.front.counters(), authRequests: 0, ...this.#receipts.counts() };
  }

  /** Registers an address in the console; receipts go only to addresses that are registered. */
  useReceiptAddress(url: string): void {
    this.#receipts.register(url);
  }

  /** Ends all faults and settings and starts counting anew; registered receipt addresses stay. */
  reset(): void {
    this.front.reset();
    this.#receipts.resetCounts();
    this.#receipts.accessToken = this.#receiptToken;
    this.#targets.reset();
    this.#settings.isVip = false;
    this.#settings.redirect = '';
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }
}
