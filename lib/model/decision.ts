import type { PushReason, Reason, SkipReason } from './reason';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** A token that a decision chose, with what is needed to send to it and to forget it safely. */
export interface ChosenToken {
  readonly certificate: string;
  readonly vendor: VendorId;
  readonly token: string;
  readonly registeredAt: EpochMs;
  /** Where the device says it is (`CN`, `IN`, …): some vendors have an address for each region. */
  readonly region?: string;
}

/** What was decided for one device; `because` is the first reason that applied. */
export type Decision =
  | {
      readonly push: true;
      readonly deviceId: string;
      readonly chosen: ChosenToken;
      readonly because: PushReason;
    }
  | {
      readonly push: false;
      readonly deviceId: string;
      readonly because: SkipReason;
      /** Where it would have gone, were the app not in shadow mode. */
      readonly chosen?: ChosenToken;
    };

/** Decisions for one recipient. `reason` is set when there was no device to decide for. */
export interface RecipientDecision {
  readonly accountId: string;
  /** Some logged-in device is connected, or has a token with a certificate. */
  readonly reachable: boolean;
  readonly reason?: SkipReason;
  readonly devices: readonly Decision[];
}

/** The reason under which a decision is counted and shown. */
export function reasonOf(decision: Decision): Reason {
  return decision.because;
}
