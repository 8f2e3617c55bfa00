import type { Badge } from './account';
import type { AppSettings } from './app-settings';
import type { ExplicitPresence, Insistence } from './message-event';
import type { Notification } from './notification';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** Calls and 1-to-1 go `direct`; groups and notifications to many go `bulk`, so they never delay the first. */
export const LANES = ['direct', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** One phone that a push goes to. */
export interface PushTarget {
  readonly accountId: string;
  readonly deviceId: string;
  readonly token: string;
  readonly registeredAt: EpochMs;
  /** Where the device says it is, if it does. */
  readonly region?: string;
  /** Presence the event stated for this device; it wins over an older stored one when decided again. */
  readonly presence?: ExplicitPresence;
  /** The same of the account's desktops, where its user wants no pushes while one is connected. */
  readonly desktops?: readonly ExplicitPresence[];
  /** Why mutes and do-not-disturb may not stop it. */
  readonly insists?: Insistence;
  /** Goes out only if the device has not acknowledged the message by now. */
  readonly unacked?: true;
  /** What this device's unread messages are counted from, where the vendor wants the number itself. */
  readonly badge?: Badge;
  /** Vendors that had no quota left for it. */
  readonly without?: readonly VendorId[];
  /** Not to be sent before this: the vendor, or our back-off, asked for it. */
  readonly notBefore?: EpochMs;
  /** Sends that did not settle this target so far; sets the next back-off. Waiting for flow control adds none. */
  readonly retries?: number;
  /** The vendor's day up to which its quota was taken, for a send that may have arrived: that is not taken again, and it goes no other way. */
  readonly counted?: string;
  /** Refusals of a kind that is bounded (unknown code, refused credentials). */
  readonly attempts?: number;
}

/** What a push is about, as far as deciding again has to know. */
export interface PushSubject {
  readonly conversationId: string;
  readonly sentAt: EpochMs;
  /** Written by the team's owner or a manager. */
  readonly fromManager?: true;
}

/** One rendered content for one or many phones. */
export interface Push {
  readonly messageId: string;
  /** Absent in what has no conversation. */
  readonly subject?: PushSubject;
  readonly notification: Notification;
  /** Is to be taken out of the tray, where the vendor can. */
  readonly withdraws?: true;
  /** Is kept in mind as unread on the device, for its badge, its conversation's stack, or to be withdrawn when read elsewhere. */
  readonly remembered?: true;
  /** Once it has waited, one notification may stand for it and a newer one of its conversation. */
  readonly mayMerge?: true;
  readonly expiresAt: EpochMs;
  readonly targets: readonly [PushTarget, ...PushTarget[]];
}

/**
 * One queue message: work for one certificate of one vendor, at most 64 KB as JSON.
 * The same `jobId` travels through every wait; `generation` tells the newest copy from older ones.
 */
export interface PushJob {
  readonly jobId: string;
  readonly generation: number;
  readonly appKey: string;
  readonly vendor: VendorId;
  readonly certificate: string;
  readonly lane: Lane;
  /** How much of what becomes of it is stored. */
  readonly traceLevel: AppSettings['traceLevel'];
  /** When it was first queued, as its record says; of all copies the same, for their claims lie under it. */
  readonly queuedAt: EpochMs;
  /** When its targets were last decided on; older than 5 s means deciding again. */
  readonly decidedAt: EpochMs;
  readonly pushes: readonly [Push, ...Push[]];
}
