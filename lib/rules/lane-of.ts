import type { MessageEvent } from '../model/message-event';
import type { Lane } from '../model/push-job';

/** A 1-to-1 message to more people than this is a mailing. */
const MAX_DIRECT_RECIPIENTS = 100;

/** Calls and 1-to-1 messages must not wait behind groups and mailings. */
export function laneOf({ conversation, recipients, type }: MessageEvent): Lane {
  const isFew = conversation.type === 'p2p' && recipients.length <= MAX_DIRECT_RECIPIENTS;
  return type === 'call' || isFew ? 'direct' : 'bulk';
}
