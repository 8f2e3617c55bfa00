import { setTimeout as sleep } from 'node:timers/promises';
import { CapturedRequests } from './captured-requests';
import {
  type Incoming,
  type Outgoing,
  type Reply,
  type RequestHead,
  readBody,
  type VendorRequest,
  writeReply,
} from './exchange';
import type { FaultSettings, Faults, InjectedFailure } from './faults';
import { RateWindow } from './rate-window';

/** What a vendor made of a request. `code` is the vendor's own, for the counters. */
export interface Verdict {
  readonly accepted: boolean;
  readonly code: string;
  /** Phones an accepted request went to. */
  readonly targets?: number;
  readonly reply: Reply;
}

/** What one vendor decides. Counting, faults, the rate and the capture are the front's. */
export interface VendorProtocol {
  /** Address, method and credentials; a refusal here is before the rate limit. */
  refuseAtDoor(head: RequestHead): Verdict | undefined;
  refuseByRate(waitMs: number): Verdict;
  fail(failure: InjectedFailure): Reply;
  answer(request: VendorRequest): Verdict;
  /** Units of the rate a request counts, where that needs its body; without it each counts 1, on arrival. */
  weigh?(request: VendorRequest): number;
}

/** Counts since the start or the last reset. */
export interface Counters {
  readonly requests: number;
  readonly accepted: number;
  /** Phones in accepted requests. */
  readonly targets: number;
  /** Refused by the vendor's rules, the rate limit included. */
  readonly refused: number;
  readonly refusedByRate: number;
  readonly refusedByCode: Readonly<Record<string, number>>;
  /** Failed because a fault was asked for. */
  readonly failed: number;
  /** Carried out but never answered, because that was asked for. */
  readonly dropped: number;
  /** The most units with good credentials that arrived in any window, refused ones included. */
  readonly maxInWindow: number;
}

export interface FrontOptions {
  readonly faults: Faults;
  readonly ratePerSecond: number;
  readonly keepRequests: number;
}

/** The way every request to a simulated vendor takes. */
export class VendorFront {
  readonly captured: CapturedRequests;
  readonly #protocol: VendorProtocol;
  readonly #faults: Faults;
  readonly #window: RateWindow;
  readonly #initialRate: number;
  readonly #refusedByCode = new Map<string, number>();
  #requests = 0;
  #accepted = 0;
  #targets = 0;
  #refused = 0;
  #refusedByRate = 0;
  #failed = 0;
  #dropped = 0;

  constructor(protocol: VendorProtocol, options: FrontOptions) {
    this.#protocol = protocol;
    this.#faults = options.faults;
    this.#initialRate = options.ratePerSecond;
    this.#window = new RateWindow(options.ratePerSecond);
    this.captured = new CapturedRequests(options.keepRequests);
  }

  async handle(req: Incoming, res: Outgoing, path: string): Promise<void> {
    const { method = '', headers, rawHeaders } = req;
    const head = { method, path, headers, rawHeaders };
    const protocol = this.#protocol;
    this.#requests++;
    const refusal = protocol.refuseAtDoor(head);
    // a vendor that counts requests counts them when they arrive, before their body is read
    const early = refusal ?? (protocol.weigh === undefined ? this.#decideRate(1) : undefined);
    const body = await readBody(req);
    const request = { ...head, body };
    const late =
      refusal === undefined && protocol.weigh !== undefined
        ? this.#decideRate(protocol.weigh(request))
        : undefined;
    const verdict = early ?? late ?? protocol.answer(request);
    const reply = 'reply' in verdict ? this.#count(verdict) : verdict;
    const drop = 'accepted' in verdict && verdict.accepted && this.#faults.takeDrop();
    this.captured.add(req, body, drop ? 0 : reply.status);
    const latencyMs = this.#faults.latencyMs();
    if (latencyMs > 0) await sleep(latencyMs);
    if (drop) {
      this.#dropped++;
      res.destroy();
    } else writeReply(res, reply);
  }

  control(change: FaultSettings & { readonly ratePerSecond?: number | null | undefined }): void {
    this.#faults.apply(change);
    if (change.ratePerSecond !== undefined) this.#window.limit = change.ratePerSecond ?? Infinity;
  }

  counters(): Counters {
    return {
      requests: this.#requests,
      accepted: this.#accepted,
      targets: this.#targets,
      refused: this.#refused,
      refusedByRate: this.#refusedByRate,
      refusedByCode: Object.fromEntries(this.#refusedByCode),
      failed: this.#failed,
      dropped: this.#dropped,
      maxInWindow: this.#window.maxSeen,
    };
  }

  /** Ends all faults, sets the rate back and starts counting anew. */
  reset(): void {
    this.#faults.clear();
    this.captured.clear();
    this.#window.clear();
    this.#window.limit = this.#initialRate;
    this.#refusedByCode.clear();
    this.#requests = this.#accepted = this.#targets = 0;
    this.#refused = this.#refusedByRate = this.#failed = this.#dropped = 0;
  }

  #decideRate(units: number): Verdict | Reply | undefined {
    const nowMs = performance.now();
    const admitted = this.#window.admit(nowMs, units);
    const failure = this.#faults.takeFailure();
    if (failure !== undefined) {
      this.#failed++;
      return this.#protocol.fail(failure);
    }
    if (admitted) return undefined;
    this.#refusedByRate++;
    return this.#protocol.refuseByRate(this.#window.waitMs(nowMs, units));
  }

  #count({ accepted, code, targets = 0, reply }: Verdict): Reply {
    if (accepted) {
      this.#accepted++;
      this.#targets += targets;
    } else {
      this.#refused++;
      this.#refusedByCode.set(code, (this.#refusedByCode.get(code) ?? 0) + 1);
    }
    return reply;
  }
}
