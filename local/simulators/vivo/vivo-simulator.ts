import type { IncomingMessage, ServerResponse } from 'node:http';
import { DayCounts } from '../china-day';
import { htmlReply, type Reply, readBody, writeReply } from '../exchange';
import { Faults } from '../faults';
import type { Phones } from '../phones';
import type { ReceiptCounts } from '../receipt-posts';
import { TokenDesk } from '../token-desk';
import { type Counters, VendorFront } from '../vendor-front';
import { obeyOrder, type VendorSimulator } from '../vendor-simulator';
import { Auth, LIFE_SECONDS, type VivoAccount } from './auth';
import { Deliveries } from './deliveries';
import { Receipts } from './receipts';
import { VivoProtocol } from './vivo-protocol';
import { changeSettings, INITIAL_SETTINGS, type VivoControl, vivoControl } from './vivo-settings';

/** What the simulator is started with. */
export interface VivoOptions {
  readonly credentials: VivoAccount;
  readonly packageName: string;
  readonly phones: Phones;
  /** Messages per second. */
  readonly ratePerSecond: number;
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
}

/** Counts since the start or the last reset. */
export type VivoCounters = Counters & ReceiptCounts & { readonly authRequests: number };

/** A vivo Push that runs here, with its auth call. */
export class VivoSimulator implements VendorSimulator {
  readonly front: VendorFront;
  readonly #desk = new TokenDesk(LIFE_SECONDS);
  readonly #auth: Auth;
  readonly #receipts: Receipts;
  readonly #counts = new DayCounts();
  readonly #protocol: VivoProtocol;
  #settings = INITIAL_SETTINGS;

  constructor({ credentials, packageName, phones, receiptDelayMs, ...options }: VivoOptions) {
    const faults = new Faults();
    const settings = () => this.#settings;
    this.#auth = new Auth(credentials, this.#desk);
    this.#receipts = new Receipts(receiptDelayMs);
    this.#protocol = new VivoProtocol({
      appId: credentials.appId,
      desk: this.#desk,
      deliveries: new Deliveries({ packageName, phones, counts: this.#counts, faults, settings }),
      receipts: this.#receipts,
      faults,
      settings,
    });
    this.front = new VendorFront(this.#protocol, { ...options, faults });
  }

  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    return path === '/message/auth' ? this.#authorize(req, res) : this.front.handle(req, res, path);
  }

  /** Where receipts go that are asked for by `callback.id`. */
  useReceiptAddress(url: string): void {
    this.#receipts.consoleAddress = url;
  }

  obey(order: unknown): string | undefined {
    return obeyOrder(vivoControl, order, (change) => this.control(change));
  }

  control(change: VivoControl): void {
    this.front.control(change);
    this.#desk.control(change);
    this.#settings = changeSettings(this.#settings, change);
  }

  counters(): VivoCounters {
    return {
      ...this.front.counters(),
      ...this.#receipts.counts(),
      authRequests: this.#desk.requests,
    };
  }

  /** Ends all faults and settings and starts counting anew; auth tokens and the receipt address stay. */
  reset(): void {
    this.front.reset();
    this.#desk.reset();
    this.#auth.clear();
    this.#receipts.resetCounts();
    this.#counts.clear();
    this.#protocol.clear();
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

  #answerAuth({ method, headers }: IncomingMessage, body: Buffer): Reply {
    // "http status 500: Internet server error!" is how the documents' answers end
    if (this.#desk.arrive()) return htmlReply(500, 'Internet server error!');
    if (method !== 'POST') return htmlReply(405, 'Method Not Allowed');
    return this.#auth.answer({ headers, body });
  }
}

function withoutSign(body: Buffer): Buffer {
  return Buffer.from(body.toString().replaceAll(/("sign"\s*:\s*")[^"]*/g, '$1[redacted]'));
}
