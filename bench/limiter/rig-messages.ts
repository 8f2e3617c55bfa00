import type { Counting } from './vendor-limit';

/** What the processes of a rig are told at their start, as JSON in the first argument, and say to each other after it. */

export interface Network {
  /** Least and most time from a request to its answer; each way takes half. */
  readonly roundTripMs: readonly [number, number];
  /** Of 1, requests whose exchange fails; half of them have been counted by the vendor. */
  readonly lostShare: number;
  /** How it fails: the connection breaks, or nothing ever comes. */
  readonly lostBy: 'reset' | 'silence';
}

export interface VendorSettings {
  readonly counting: Counting;
  readonly perSecond: number;
  readonly network: Network;
}

/** `take` answers what was counted since the last one; `limit` changes what is let in. */
export type ToVendor = { readonly kind: 'take' } | { readonly kind: 'limit'; perSecond: number };

export type FromVendor =
  | { readonly kind: 'ready'; readonly url: string }
  | ({ readonly kind: 'counts' } & VendorCounts);

export interface VendorCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly elapsedMs: number;
}

export type Strategy = 'ours' | 'naive' | 'static';

export interface ContainerSettings {
  readonly strategy: Strategy;
  readonly vendorUrl: string;
  readonly table: string;
  /** Tells rigs apart that share a table. */
  readonly certificate: string;
  /** As configured for all containers together. */
  readonly perSecond: number;
  /** So many share the limit where shares are static. */
  readonly containers: number;
  /** Requests of one invocation. */
  readonly requestsPerInvocation: number;
  /** Of its wall clock against the true time. */
  readonly clockAheadMs: number;
  /** A request without an answer is given up after this. */
  readonly timeoutMs: number;
}

/** One call to DynamoDB. */
export interface FromContainer {
  readonly isWrite: boolean;
}

export interface FromDatabase {
  readonly url: string;
}
