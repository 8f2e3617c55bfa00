import type { HookedConfig } from '../model/hook';
import type { PushConfig } from '../model/message-event';
import type { StoredDecisions } from '../model/submission';
import { payloadWithoutTexts, readPayload } from '../rules/push-payload';
import type { HookedMessage } from './ask-hook';
import { ABILITIES } from './check-payloads';
import { type DecidedMessage, decideMessage, type Situation } from './decide-messages';

/** Decides a message as the app's webhook left it. */
export function decideHooked(
  { event, hooked, takenOut, warnings }: HookedMessage,
  situation: Situation,
): DecidedMessage {
  const pushConfig = hooked ? hookedConfig(event.pushConfig, hooked) : event.pushConfig;
  return {
    ...decideMessage({ ...event, pushConfig }, situation, takenOut),
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

/** A text the webhook gave is what is shown: the sender's texts for single vendors would win over it. */
function hookedConfig(sent: PushConfig, hooked: HookedConfig): PushConfig {
  const config = { ...sent, ...hooked };
  const isReworded =
    config.pushContent !== sent.pushContent || config.forcePushContent !== sent.forcePushContent;
  if (!isReworded || sent.pushPayload === undefined) return config;
  const { members } = readPayload(sent.pushPayload);
  return { ...config, pushPayload: JSON.stringify(payloadWithoutTexts(members, ABILITIES)) };
}
