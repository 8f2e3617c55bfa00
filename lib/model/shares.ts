import type { Lane } from './push-job';
import type { EpochMs } from './time';

/**
 * How the limit of one certificate is shared out among containers. A credit is one unit of the vendor's rate a second; at any time
 * each belongs to one holder, or to nobody: `free` + credits of all holders = `limit` − `cut`.
 */
export interface Shares {
  /** Credits of the whole certificate, as configured. */
  readonly limit: number;
  /** When `limit` was last changed. */
  readonly limitAt: EpochMs;
  /** Credits taken out because the vendor refused what was sent with them. */
  readonly cut: number;
  readonly climb: Climb;
  /** Credits nobody has used in the last window. Below 0 while holders owe some, after the limit was lowered. */
  readonly free: number;
  /** Nobody sends before then. */
  readonly restsUntil?: EpochMs;
  /** By the id of the container. */
  readonly holders: ReadonlyMap<string, Holder>;
}

/** The way back to the configured limit after refusals. */
export interface Climb {
  /** When credits were last taken out or put back. */
  readonly changedAt: EpochMs;
  /** Put back no sooner than this after that. */
  readonly waitMs: number;
  /** Of the limit, put back at a time. */
  readonly stepShare: number;
  /** The last change put credits back: a refusal now means that it was one too many. */
  readonly isTrial: boolean;
}

/** A container's share as it told it last. */
export interface Holder {
  readonly credits: number;
  /** Credits it could use. */
  readonly need: number;
  /** Only of credits that were given up: over so long they become ready, evenly, from `until` on. */
  readonly overMs?: number;
  /** Only of credits that were given up: what was sent with them. */
  readonly by?: Lane;
  /** What it sends; undefined for credits that were given up, which any container may take over. */
  readonly lane: Lane | undefined;
  /** End of its lease by its own clock; of given up credits, how long from that write until the first of them become ready. */
  readonly until: EpochMs;
  /** Differs in every write. */
  readonly write: string;
}

/** One conditional write to the shares. It is done whole, or not at all when something in it is not as its writer saw it. */
export interface ShareChange {
  readonly id: string;
  /** The writer's share as it was seen; undefined if there was none. */
  readonly before: Holder | undefined;
  /** As it is to be; undefined leaves none. */
  readonly after: Holder | undefined;
  /** Given up credits that are taken over or put there: each as it was seen, and as it is to be. */
  readonly others: ReadonlyMap<string, { readonly from?: Holder; readonly to?: Holder }>;
  /** Added to `free`, which the write may not bring below 0. */
  readonly free: number;
  /** Added to `cut`. */
  readonly cut: number;
  /** Replaces `climb`, if that is still as it was seen. */
  readonly climb?: { readonly from: Climb; readonly to: Climb };
  /** Replaces `limit`, if that and `cut` are still as they were seen; `free` and `cut` include the difference. */
  readonly limit?: {
    readonly from: number;
    readonly to: number;
    readonly cutFrom: number;
    readonly at: EpochMs;
  };
}
