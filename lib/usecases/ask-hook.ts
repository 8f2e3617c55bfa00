import type { App } from '../model/app-settings';
import type { HookChange, HookClient, HookedConfig } from '../model/hook';
import type { MessageEvent } from '../model/message-event';
import type { Telemetry } from '../model/ports';
import type { CheckedMessage } from './check-payloads';

/** A message after the app's webhook saw it; the event is still the one it was asked about. */
export interface HookedMessage extends CheckedMessage {
  /** What it changed, if anything. */
  readonly hooked?: HookedConfig;
  /** Recipients the webhook took out. */
  readonly takenOut?: ReadonlySet<string>;
}

interface HookPorts {
  readonly hook: HookClient;
  readonly telemetry: Telemetry;
}

/** Lets the app's webhook change texts and take recipients out; without one this costs nothing. */
export async function askHook(
  messages: readonly CheckedMessage[],
  { appKey, settings: { hook } }: App,
  ports: HookPorts,
): Promise<readonly HookedMessage[]> {
  if (hook === undefined) return messages;
  const answer = await ports.hook.ask(
    appKey,
    hook,
    messages.map(({ event }) => event),
  );
  if (answer.kind === 'answered') {
    const changes = new Map(answer.changes.map((change) => [change.messageId, change]));
    return messages.map((message) => changed(message, changes.get(message.event.messageId)));
  }
  ports.telemetry.count('HookFailures', 1, { onFailure: hook.onFailure });
  ports.telemetry.log('warn', 'webhook failed', { appKey, code: answer.code });
  return hook.onFailure === 'send'
    ? messages
    : messages.map((message) => ({ ...message, takenOut: idsOf(message.event) }));
}

function changed(message: CheckedMessage, change: HookChange | undefined): HookedMessage {
  if (change === undefined) return message;
  const { recipients, pushEnabled, pushContent, forcePushContent } = change;
  const hooked = {
    ...(pushEnabled === undefined ? {} : { pushEnabled }),
    ...(pushContent === undefined ? {} : { pushContent }),
    ...(forcePushContent === undefined ? {} : { forcePushContent }),
  };
  return {
    ...message,
    ...(Object.keys(hooked).length > 0 && { hooked }),
    ...(recipients && { takenOut: missingFrom(new Set(recipients), message.event) }),
  };
}

function idsOf({ recipients }: MessageEvent): Set<string> {
  return new Set(recipients.map(({ accountId }) => accountId));
}

function missingFrom(left: ReadonlySet<string>, event: MessageEvent): ReadonlySet<string> {
  return new Set([...idsOf(event)].filter((accountId) => !left.has(accountId)));
}
