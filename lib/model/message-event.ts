import type { EpochMs } from './time';

export const MESSAGE_TYPES = [
  'text',
  'image',
  'audio',
  'video',
  'location',
  'file',
  'tip',
  'call',
  'custom',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** What an IM server that knows who is online says about one device of a recipient. */
export interface ExplicitPresence {
  readonly deviceId: string;
  readonly state: 'foreground' | 'background' | 'disconnected';
  /** When it was so; the event's arrival if absent. */
  readonly at?: EpochMs;
}

export interface Recipient {
  readonly accountId: string;
  readonly presence?: readonly ExplicitPresence[];
  /** The recipient has blocked the sender. */
  readonly blockedSender?: boolean;
}

/** What a recipient is to this message beyond receiving it: both reach through mutes of some kind. */
export type Insistence = 'force' | 'mention';

/** NIM's V2 push properties of a message, with the defaults filled in. */
export interface PushConfig {
  readonly pushEnabled: boolean;
  readonly pushNickEnabled: boolean;
  readonly pushContent?: string;
  /** A JSON object as text. */
  readonly pushPayload?: string;
  readonly forcePush: boolean;
  readonly forcePushContent?: string;
  /** Absent: everybody; empty: nobody. */
  readonly forcePushAccountIds?: readonly string[];
  /** Whether it counts towards the number on the app's icon. */
  readonly unreadEnabled: boolean;
  /** Key into the app's and the certificates' `classes`; by the type of the message if absent. */
  readonly messageClass?: string;
}

/** What an event tells of: most often a message that was sent. */
export type EventKind = 'message' | 'modification' | 'notification' | 'recall';

/** "This message was sent": the input of every decision. */
export interface MessageEvent {
  readonly messageId: string;
  readonly type: MessageType;
  /** Of a call: which of both. */
  readonly callType?: 'audio' | 'video';
  /** A message if absent. */
  readonly kind?: EventKind;
  /** The message whose notification this one is to overwrite: it was modified or recalled. */
  readonly replaces?: string;
  /** A device that is connected is pushed to as well unless it acknowledges in so many milliseconds; 0 never. */
  readonly pushIfUnackedMs?: number;
  /** Name of a sound file of the app. */
  readonly sound?: string;
  readonly conversation: {
    readonly id: string;
    readonly type: 'p2p' | 'team' | 'superTeam';
    readonly name?: string;
  };
  readonly sender: {
    readonly accountId: string;
    readonly deviceId?: string;
    readonly nick?: string;
    readonly role?: string;
  };
  readonly recipients: readonly Recipient[];
  /** Of a custom notification its content, which is for the app and never shown. */
  readonly body?: string;
  readonly mentions?: readonly string[];
  readonly sentAt: EpochMs;
  /** The caller did not say when it was sent: `sentAt` is when it came, and differs in a repeat. */
  readonly sentAtIsArrival?: true;
  /** As the sender gave it; what applies is in `expiresAt`. */
  readonly ttlSeconds?: number;
  readonly expiresAt: EpochMs;
  readonly batchId?: string;
  readonly pushConfig: PushConfig;
}
