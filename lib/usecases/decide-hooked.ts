import type { StoredDecisions } from '../model/submission';
import type { HookedMessage } from './ask-hook';
import { type DecidedMessage, decideMessage, type Situation } from './decide-messages';

/** Decides a message as the app's webhook left it. */
export function decideHooked(
  { event, hooked, takenOut, warnings }: HookedMessage,
  situation: Situation,
): DecidedMessage {
  const changed = { ...event, pushConfig: { ...event.pushConfig, ...hooked } };
  return {
    ...decideMessage(changed, situation, takenOut),
    warnings,
    ...(hooked && { hooked }),
  };
}

/** A message that came again as the webhook left it the first time, whatever it says now. */
export function hookedAsRecorded(
  { hooked: _now, ...message }: HookedMessage,
  recorded: readonly StoredDecisions[],
): HookedMessage {
  const { messageId } = message.event;
  const hooked = recorded.find((one) => one.messageId === messageId)?.hooked;
  return { ...message, ...(hooked && { hooked }) };
}
