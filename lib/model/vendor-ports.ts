import type { Lane } from './push-job';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** The ways out to a vendor. Implemented in `lib/aws` and `lib/http`. */

/** One certificate's share of its vendor's limit, shared by all containers. */
export interface FlowLimit {
  readonly vendor: VendorId;
  readonly appKey: string;
  readonly certificate: string;
  /** Units a second: requests, or tokens where the vendor counts those. */
  readonly ratePerSecond: number;
  /** The most units one request may count. */
  readonly largestRequest: number;
}

export interface FlowControl {
  gate(limit: FlowLimit, lane: Lane): FlowGate;
  /** To be called at the end of an invocation: where no more work is known to wait, what is held is given up, if others lack it. */
  endWork(isMoreWaiting: boolean): Promise<void>;
}

/** The way through to one vendor: nothing is sent without a pass. */
export interface FlowGate {
  /** Waits until a pass for so many units is likely to be had at once. */
  awaitRoom(weight: number, maxWaitMs: number): Promise<Room>;
  /** A pass for `weight` units of the vendor's count; undefined when none is had within `maxWaitMs`. */
  enter(weight: number, maxWaitMs: number): Promise<FlowPass | undefined>;
  /** The vendor refused so many units because its rate was exceeded: they are not sent again at that rate. */
  refuse(units: number): void;
  /** Lets the certificate rest, in all containers: nobody gets a pass before then. */
  rest(until: EpochMs): Promise<void>;
  /** What this container knows of the limit without asking anybody; undefined while it has no share in it. */
  state?(): FlowGateState | undefined;
}

/** A certificate's limit as one container last saw it. */
export interface FlowGateState {
  /** What is configured, in the vendor's units. */
  readonly limitPerSecond: number;
  /** What the vendor's answers have left of it; the same while it refused nothing. */
  readonly learnedPerSecond: number;
}

/** Whether jobs may be sent with a certificate now; `full` when there was no room within the wait. */
export type Room =
  | { readonly kind: 'ready' | 'full' }
  | { readonly kind: 'resting'; readonly until: EpochMs };

export interface FlowPass {
  /**
   * To be called once, when the answer, a time-out or an error is in.
   *
   * @param isAnswered false when the vendor gave no answer, so that the time it took says nothing of how far it is
   */
  leave(isAnswered?: boolean): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Units of the vendor's count this request uses; 1 if absent. */
  readonly weight?: number;
}

/** How a request ended, as a value. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** At most 1 MiB; the rest is cut off. */
      readonly body: string;
    }
  /** `sent` is false when it certainly never left. */
  | { readonly kind: 'failed'; readonly code: string; readonly sent: boolean }
  /** The flow limit gave no pass in time: nothing was sent. */
  | { readonly kind: 'held' };

export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResult>;
}
