import type { IncomingMessage, ServerResponse } from 'node:http';
import { DayCounts } from '../china-day';
import { type Reply, readBody, writeReply } from '../exchange';
import { Faults } from '../faults';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { TokenDesk } from '../token-desk';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { answerAuth, LIFE_SECONDS, type OppoAccount } from './auth';
import { errorReply, refuse } from './codes';
import { Deliveries } from './deliveries';
import { OppoProtocol } from './oppo-protocol';
import { changeSettings, INITIAL_SETTINGS, type OppoControl, oppoControl } from './oppo-settings';
import { AUTH, findPathRefusal } from './paths';
import { Receipts } from './receipts';

/** What the simulator is started with. */
export interface OppoOptions {
  readonly credentials: OppoAccount & { readonly appId: string };
  readonly packageName: string;
  readonly phones: Phones;
  /** Messages per second. */
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

/** Counts since the start or the last reset. */
export type OppoCounters = Counters & ReceiptCounts & { readonly authRequests: number };

/** An OPPO PUSH that runs here, with its auth call. */
export class OppoSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #account: OppoAccount;
  readonly #desk = new TokenDesk(LIFE_SECONDS);
  readonly #receipts: Receipts;
  readonly #counts = new DayCounts();
  readonly #deliveries: Deliveries;
  #settings = INITIAL_SETTINGS;

  constructor({ credentials, packageName, phones, receiptDelayMs, ...options }: OppoOptions) {
    this.#account = credentials;
    this.#receipts = new Receipts(credentials.appId, receiptDelayMs);
    const settings = () => this.#settings;
    const faults = new Faults();
    const deliveries = new Deliveries({
      appId: credentials.appId,
      packageName,
      phones,
      receipts: this.#receipts,
      counts: this.#counts,
      settings,
    });
    this.#deliveries = deliveries;
    const protocol = new OppoProtocol({ desk: this.#desk, deliveries, faults, settings });
    this.front = new VendorFront(protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return path === AUTH ? this.#authorize(req, res) : this.front.handle(req, res, path);
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(oppoControl, order, (change) => this.control(change));
  }

  control(change: OppoControl): void {
    this.front.control(change);
    this.#desk.control(change);
    this.#settings = changeSettings(this.#settings, change);
  }

  counters(): OppoCounters {
    return {
      ...this.front.counters(),
      ...this.#receipts.counts(),
      authRequests: this.#desk.requests,
    };
  }

  /** Ends all faults and settings and starts counting anew; auth tokens stay good. */
  reset(): void {
    this.front.reset();
    this.#desk.reset();
    this.#receipts.resetCounts();
    this.#counts.clear();
    this.#deliveries.clear();
    this.#settings = INITIAL_SETTINGS;
  }

  close(): Promise<void> {
    return this.#receipts.close();
  }

  async #authorize(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const reply = this.#answerAuth(req, body);
    this.front.captured.add(req, withoutSign(body), reply.status);
    writeReply(res, reply);
  }

  #answerAuth({ method = '', headers }: IncomingMessage, body: Buffer): Reply {
    const { ipNotAllowed, authDataAsText } = this.#settings;
    if (this.#desk.arrive()) return errorReply(refuse(-1));
    const refusal = findPathRefusal(method, AUTH) ?? (ipNotAllowed ? refuse(26) : undefined);
    if (refusal !== undefined) return errorReply(refusal);
    return answerAuth({ headers, body }, this.#account, this.#desk, authDataAsText);
  }
}

function withoutSign(body: Buffer): Buffer {
  return Buffer.from(body.toString().replaceAll(/(^|&)sign=[^&]*/g, '$1sign=[redacted]'));
}
