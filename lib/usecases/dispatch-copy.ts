import { Refusal, TryLater } from '../model/errors';
import type { MessageEvent } from '../model/message-event';
import { type DispatchPorts, dispatchMessages } from './dispatch-messages';

/** What became of the message that a copy tells of. */
export interface CopyOutcome {
  readonly result: 'dispatched' | 'repeated';
  /** What of its push properties was left out. */
  readonly warnings: readonly string[];
}

/**
 * Dispatches a message that a copy tells of. Nobody reads what is answered to a copy, and one that is refused comes
 * again: so a message goes without what of it would be refused, and one that was dispatched before is well, also when
 * its team has other members by now.
 */
export async function dispatchCopy(
  appKey: string,
  event: MessageEvent,
  ports: DispatchPorts,
): Promise<CopyOutcome> {
  try {
    const [answer] = await dispatchMessages(appKey, [event], ports);
    const result = answer?.duplicate ? 'repeated' : 'dispatched';
    return { result, warnings: answer?.warnings ?? [] };
  } catch (error) {
    if (!(error instanceof Refusal) || error instanceof TryLater) throw error;
    if (error.status === 409) return { result: 'repeated', warnings: [] };
    const isOfPush = ({ path }: { readonly path: string }) => path.startsWith('pushConfig.');
    if (error.status !== 400 || error.fields.length === 0 || !error.fields.every(isOfPush)) {
      throw error;
    }
    const { pushPayload: _refused, messageClass: _unknown, ...pushConfig } = event.pushConfig;
    const { result } = await dispatchCopy(appKey, { ...event, pushConfig }, ports);
    return { result, warnings: error.fields.map(({ path, message }) => `${path} ${message}`) };
  }
}
