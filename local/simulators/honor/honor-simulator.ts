import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { DayCounts } from '../china-day';
import { htmlReply, readBody, writeReply } from '../exchange';
import { commonControl, Faults } from '../faults';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { TokenDesk, tokenControl } from '../token-desk';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { HonorProtocol, type HonorSettings } from './honor-protocol';
import { Receipts } from './receipts';
import { answerTokenRequest, type HonorClient, isTokenPath, LIFE_SECONDS } from './token-endpoint';

const integer = v.pipe(v.number(), v.integer());
const count = v.pipe(integer, v.minValue(0));

/** What `POST /honor/control` takes. */
const honorControl = v.strictObject({
  ...commonControl,
  ...tokenControl,
  /** `code` of the failures asked for with `failNext`; without a `status` they come with HTTP 200. */
  code: v.optional(integer),
  /** Tokens that are answered as `failTokens`. */
  failTokens: v.optional(v.array(v.string())),
  /** False: without the self-classification permission every notification is marketing. */
  selfClassification: v.optional(v.boolean()),
  /** True: it is between 0 and 6 o'clock, and no notification is shown. */
  night: v.optional(v.boolean()),
  /** Marketing notifications a phone shows in one day (China time); null: no limit. */
  perDeviceQuota: v.optional(v.nullable(count)),
  /** Test messages (`targetUserType` 1) of one day. */
  dailyTestQuota: v.optional(count),
  /** Receipt status of phones without the app, and of phones that did not show it; none is sent without. */
  receiptStatuses: v.optional(
    v.strictObject({ dead: v.optional(integer), withheld: v.optional(integer) }),
  ),
});
/** An order to the simulator. */
export type HonorControl = v.InferOutput<typeof honorControl>;

/** What the simulator is started with. */
export interface HonorOptions {
  readonly credentials: HonorClient & { readonly appId: string };
  readonly packageName: string;
  readonly phones: Phones;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

/** Counts since the start or the last reset. */
export type HonorCounters = Counters & ReceiptCounts & { readonly authRequests: number };

/** 1,000 test messages a day (parameter texts in github.com/zandala88/honor-push). */
const INITIAL: HonorSettings = {
  failTokens: new Set(),
  selfClassification: true,
  night: false,
  dailyTestQuota: 1_000,
  perDeviceQuota: undefined,
  receiptStatuses: {},
};

/** An Honor Push that runs here, with its token endpoint. */
export class HonorSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #client: HonorClient;
  readonly #desk = new TokenDesk(LIFE_SECONDS);
  readonly #receipts: Receipts;
  readonly #counts = new DayCounts();
  readonly #settings: HonorSettings = { ...INITIAL };

  constructor({ credentials, packageName, phones, receiptDelayMs, ...options }: HonorOptions) {
    this.#client = credentials;
    this.#receipts = new Receipts(receiptDelayMs);
    const faults = new Faults();
    const protocol = new HonorProtocol({
      appId: credentials.appId,
      packageName,
      phones,
      desk: this.#desk,
      receipts: this.#receipts,
      counts: this.#counts,
      faults,
      settings: this.#settings,
    });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return isTokenPath(path) ? this.#authorize(req, res) : this.front.handle(req, res, path);
  }

  useReceiptAddress(url: string): void {
    this.#receipts.address = url;
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(honorControl, order, (change) => this.control(change));
  }

  control(change: HonorControl): void {
    this.front.control(change);
    this.#desk.control(change);
    const settings = this.#settings;
    if (change.failTokens !== undefined) settings.failTokens = new Set(change.failTokens);
    if (change.selfClassification !== undefined) {
      settings.selfClassification = change.selfClassification;
    }
    if (change.night !== undefined) settings.night = change.night;
    if (change.dailyTestQuota !== undefined) settings.dailyTestQuota = change.dailyTestQuota;
    if (change.perDeviceQuota !== undefined) {
      settings.perDeviceQuota = change.perDeviceQuota ?? undefined;
    }
    if (change.receiptStatuses !== undefined) settings.receiptStatuses = change.receiptStatuses;
  }

  counters(): HonorCounters {
    return {
      ...this.front.counters(),
      ...this.#receipts.counts(),
      authRequests: this.#desk.requests,
    };
  }

  /** Ends all faults and settings and starts counting anew; access tokens and the receipt address stay. */
  reset(): void {
    this.front.reset();
    this.#desk.reset();
    this.#receipts.resetCounts();
    this.#counts.clear();
    Object.assign(this.#settings, INITIAL);
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }

  async #authorize(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const { method = '', headers } = req;
    const reply = this.#desk.arrive()
      ? htmlReply(503, 'Service Unavailable')
      : answerTokenRequest({ method, headers, body }, this.#client, this.#desk);
    this.front.captured.add(req, withoutSecret(body), reply.status);
    writeReply(res, reply);
  }
}

function withoutSecret(body: Buffer): Buffer {
  const form = body.toString();
  return Buffer.from(form.replaceAll(/(^|&)client_secret=[^&]*/g, '$1client_secret=[redacted]'));
}
