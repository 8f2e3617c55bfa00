import type { Lane } from './push-job';
import type { CountedClass } from './quota';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** The ways to what flow control knows, for those who only look on. Implemented in `lib/aws`. */

/** How one certificate's limit is used, in the vendor's units: requests, or tokens where it counts those. */
export interface FlowState {
  /** The limit its containers last worked with. */
  readonly limitPerSecond: number;
  /** What the vendor's answers have left of it; the same while it refused nothing. */
  readonly learnedPerSecond: number;
  /** What containers hold now, used or not. */
  readonly heldPerSecond: number;
  /** How many containers that is. */
  readonly containers: number;
  /** Nothing is sent with the certificate before then; absent when it does not rest. */
  readonly restsUntil?: EpochMs;
}

export interface FlowStateStore {
  /** As of `now`, eventually consistent; undefined when nothing was sent with the certificate lately. */
  read(
    vendor: VendorId,
    appKey: string,
    certificate: string,
    now: EpochMs,
  ): Promise<FlowState | undefined>;
}

/** What is counted of daily totals, and what vendors said of them; eventually consistent. */
export interface QuotaReader {
  /** Messages counted of a class on a day, by the vendor's calendar; 0 where none are. */
  used(of: CountedClass, day: string): Promise<number>;
  /** Until when the vendor takes none of a class; undefined when it does not say so of `now`. */
  pausedUntil(of: CountedClass, now: EpochMs): Promise<EpochMs | undefined>;
}

/** Jobs in a vendor's two queues: waiting, delayed, or with a sender right now. Approximate. */
export type QueueBacklog = Readonly<Record<Lane, number>>;

export interface BacklogReader {
  /** The queues are shared by all certificates of a vendor. */
  read(vendor: VendorId): Promise<QueueBacklog>;
}
