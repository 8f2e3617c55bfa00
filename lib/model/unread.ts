import type { EpochMs } from './time';

/** One message that a device has been pushed and nobody has read, as little of it as counting and withdrawing need. */
export interface UnreadMember {
  /** A short hash of the conversation's id. */
  readonly conversation: string;
  /** A short hash of the message's id; a modified message goes on under its own. */
  readonly message: string;
  readonly sentAt: EpochMs;
  /** What its notification is withdrawn by. */
  readonly notifyId: number;
  /** Whether it is part of the number on the app's icon. */
  readonly counts: boolean;
}

/** How many messages of a conversation are remembered as a number alone. */
export interface FoldedUnread {
  readonly messages: number;
  /** How many of them are part of the number on the app's icon. */
  readonly counted: number;
}

/** What is unread on a device. */
export interface UnreadMessages {
  readonly members: readonly UnreadMember[];
  /** Older ones, by conversation; under an empty name those of conversations without a member. */
  readonly folded: Readonly<Record<string, FoldedUnread>>;
}

/** One count of one device: it begins anew with every report of the number on its icon. */
export interface UnreadCount {
  readonly appKey: string;
  readonly accountId: string;
  readonly deviceId: string;
  /** When the device last said what is on its icon; 0 if never. */
  readonly since: EpochMs;
}

/** Unread messages of devices; a count that nothing is added to for 30 days is forgotten. */
export interface UnreadStore {
  /** Adds a message, once however often it is told, and answers all that is unread then. */
  add(count: UnreadCount, member: UnreadMember): Promise<UnreadMessages>;
  /** What is unread in each of these counts, in their order; strongly consistent, 100 a call. */
  read(counts: readonly UnreadCount[]): Promise<readonly UnreadMessages[]>;
  /** Takes out what was sent in a conversation up to a time. Throws `ConflictError` after too many tries. */
  remove(count: UnreadCount, conversation: string, upTo: EpochMs): Promise<void>;
  /** Takes out one message, by the short names of both; otherwise the same. */
  removeMessage(count: UnreadCount, conversation: string, message: string): Promise<void>;
}
