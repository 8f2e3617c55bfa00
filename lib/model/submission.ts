import type { RecipientDecision } from './decision';
import type { HookedConfig } from './hook';
import type { JsonObject } from './json-of';
import type { MessageEvent } from './message-event';
import type { PushJob } from './push-job';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** A message's (or with `batchId` a call's) record of what was decided, kept for 24 hours. */
export interface SubmissionRecord {
  readonly state: 'in-progress' | 'done';
  /** Empty where nothing but a recall has come so far. */
  readonly bodyHash: string;
  readonly decidedAt: EpochMs;
  /** An in-progress record without stored decisions may be dispatched again after this. */
  readonly leaseUntil: EpochMs;
  readonly messages: readonly StoredDecisions[];
  /** Ids of its messages that were recalled. */
  readonly recalled?: readonly string[];
}

/** What is kept of one message's decisions: all of them up to 100 recipients, counts above. */
export interface StoredDecisions {
  readonly messageId: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly recipients?: readonly StoredRecipient[];
  /** Of more recipients than are kept one by one: how many are reachable. */
  readonly reachable?: number;
  /** Of more recipients than are kept one by one: the jobs, so that they can be stopped. */
  readonly jobs?: readonly StoredJob[];
  /** What was left out of the message for its push not to be refused. */
  readonly warnings?: readonly string[];
  /** What the app's webhook changed of the message, if it did: a repeat is pushed as it was then. */
  readonly hooked?: HookedConfig;
  /** Of a message that is pushed: what a recall of it has to know. */
  readonly origin?: MessageOrigin;
}

/** What a recall says of its message. */
export interface MessageOrigin
  extends Pick<MessageEvent, 'type' | 'conversation' | 'sentAt' | 'expiresAt' | 'replaces'> {
  readonly sender: Pick<MessageEvent['sender'], 'accountId' | 'nick' | 'role'>;
  readonly messageClass?: string;
  /** The part of its `pushPayload` that says under which ids its notification is shown. */
  readonly shownAs?: JsonObject;
}

export type StoredRecipient = Omit<RecipientDecision, 'devices'> & {
  readonly devices: readonly StoredDecision[];
};

/** A decision as stored and answered: the token itself is left out. */
export interface StoredDecision {
  readonly deviceId: string;
  readonly reason: string;
  readonly vendor?: VendorId;
  readonly certificate?: string;
  readonly jobId?: string;
  /** When that job was queued, if not when the decisions it is stored with were made. */
  readonly queuedAt?: EpochMs;
}

/** A job as a record names it. */
export type StoredJob = Pick<PushJob, 'jobId' | 'vendor' | 'certificate'>;
