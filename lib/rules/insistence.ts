import type { Insistence, MessageEvent } from '../model/message-event';

/** Stands for everybody in `mentions`. */
export const EVERYONE = '@all';

/**
 * Tells of each recipient why mutes and do-not-disturb may not stop the push. Force push is for teams alone: without a
 * list it goes to everybody, with an empty one to nobody.
 */
export function insistenceIn(event: MessageEvent): (accountId: string) => Insistence | undefined {
  const { conversation, mentions = [], pushConfig } = event;
  const { forcePush, forcePushAccountIds } = pushConfig;
  const forced = forcePushAccountIds && new Set(forcePushAccountIds);
  const mentioned = new Set(mentions);
  const isForcing = forcePush && conversation.type !== 'p2p';
  return (accountId) => {
    if (isForcing && (forced?.has(accountId) ?? true)) return 'force';
    return mentioned.has(accountId) || mentioned.has(EVERYONE) ? 'mention' : undefined;
  };
}

/** NIM's words for those whose messages `except-managers` lets through. */
const MANAGING_ROLES = new Set(['owner', 'manager', 'admin', 'administrator']);

/** Whether the event says that an owner or a manager of the team wrote it. */
export function isFromManager({ sender }: MessageEvent): boolean {
  return sender.role !== undefined && MANAGING_ROLES.has(sender.role.toLowerCase());
}
