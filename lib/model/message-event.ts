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
}

/** "This message was sent": the input of every decision. */
export interface MessageEvent {
  readonly messageId: string;
  readonly type: MessageType;
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
  readonly body?: string;
  readonly mentions?: readonly string[];
  readonly sentAt: EpochMs;
  /** As the sender gave it; what applies is in `expiresAt`. */
  readonly ttlSeconds?: number;
  readonly expiresAt: EpochMs;
  readonly batchId?: string;
  readonly pushConfig: PushConfig;
}
