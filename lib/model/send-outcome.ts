import type { EpochMs } from './time';

/** A vendor's own code and words. The text never holds a token or a secret. */
export interface VendorReason {
  readonly code: string;
  readonly text: string;
  /** The code is in no table of ours: retried a bounded number of times, counted and alarmed. */
  readonly unmapped?: true;
}

/** Everything a vendor can tell us about one target, as a value. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly receiptId?: string }
  | { readonly kind: 'token-invalid'; readonly reason: VendorReason; readonly since?: EpochMs }
  /** This message never, but the token is fine. */
  | { readonly kind: 'rejected'; readonly reason: VendorReason }
  | {
      readonly kind: 'throttled';
      readonly reason: VendorReason;
      readonly scope: 'second' | 'device' | 'day';
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unavailable'; readonly reason: VendorReason; readonly retryAfterMs?: number }
  /** The credentials were refused. */
  | { readonly kind: 'unauthorized'; readonly reason: VendorReason }
  /** A human must change a setting, here or in the vendor's console. */
  | {
      readonly kind: 'misconfigured';
      readonly reason: VendorReason;
      /** Every message of the certificate would fail the same way: it is to rest before the next try. */
      readonly pauses?: true;
    };

export type SendOutcomeKind = SendOutcome['kind'];

/** What became of one target in the end, or for now; stored with the job and shown in the trace. */
export type TargetStatus =
  | SendOutcomeKind
  | 'expired'
  /** There was no quota for it; which one, the code says. */
  | 'quota'
  /** There was none with this vendor, and a job of its own sends it by another one; the code says which quota it was. */
  | 'other-channel'
  | 'no-longer-wanted'
  /** The message was recalled before it was sent. */
  | 'recalled'
  /** The device had the message by itself. */
  | 'acknowledged'
  /** Told of by the notification of a newer message of its conversation, whose id is the code. */
  | 'merged'
  /** Taken out of the phone's tray. */
  | 'withdrawn'
  | 'no-certificate'
  | 'dead-lettered';
