import type { MessageEvent, MessageType, PushConfig } from '../model/message-event';
import type { Team } from '../model/team';
import type { EpochMs } from '../model/time';

/** A message as NIM tells of it, in a copy or in a call of its server API: to one account, or to one team. */
export interface NimMessage {
  readonly messageId: string;
  readonly type: MessageType;
  readonly conversationType: 'p2p' | 'team' | 'superTeam';
  readonly from: string;
  readonly deviceId?: string;
  readonly nick?: string;
  /** An account, or a team. */
  readonly to: string;
  readonly body?: string;
  readonly mentions?: readonly string[];
  readonly sentAt: EpochMs;
  /** It does not say when it was sent: `sentAt` is when it came. */
  readonly sentAtIsArrival?: true;
  readonly pushConfig: PushConfig;
}

/** Whose members a message goes to; undefined for one from account to account. */
export function teamIdOf({ conversationType, to }: NimMessage): string | undefined {
  return conversationType === 'p2p' ? undefined : to;
}

/**
 * The event that a message is. Apps of recipients know a conversation of two by the other one's account, which is the
 * sender's; `team` is who is in the team it goes to.
 */
export function eventOfNim(
  message: NimMessage,
  team: Team | undefined,
  ttlSeconds: number,
): MessageEvent {
  const { messageId, type, conversationType, from, to, sentAt, pushConfig } = message;
  const { deviceId, nick, body, mentions, sentAtIsArrival } = message;
  return {
    messageId,
    type,
    conversation: { id: team?.teamId ?? from, type: conversationType },
    sender: {
      accountId: from,
      ...(deviceId === undefined ? {} : { deviceId }),
      ...(nick === undefined ? {} : { nick }),
      ...(team?.managers.includes(from) ? { role: 'manager' } : {}),
    },
    recipients: (team?.members ?? [to]).map((accountId) => ({ accountId })),
    ...(body === undefined ? {} : { body }),
    ...(mentions === undefined ? {} : { mentions }),
    sentAt,
    ...(sentAtIsArrival && { sentAtIsArrival }),
    expiresAt: sentAt + ttlSeconds * 1000,
    pushConfig,
  };
}
