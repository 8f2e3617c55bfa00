import type * as v from 'valibot';
import { messageBody, messageListBody, toMessageEvent } from '../../lib/http/message-schemas';
import { parse, parseJson } from '../../lib/http/parse';
import { dispatchMessages } from '../../lib/usecases/dispatch-messages';
import { createDispatchPorts, type Dispatched } from '../in-memory/dispatch-ports';
import type { Loop } from './loop';
import { APP, APP_KEY } from './scene';

/** What the service does with these bodies, AWS left out: parses, validates, decides, renders and packs jobs. */
export function createDispatching(
  bodies: readonly string[],
  accounts: ReadonlyMap<string, string>,
): Loop {
  const dispatched: Dispatched = { jobs: [] };
  const ports = createDispatchPorts(APP, accounts, dispatched);
  return {
    async run() {
      for (const body of bodies) {
        const given = parseJson(body);
        const messages: readonly v.InferOutput<typeof messageBody>[] =
          'messages' in given
            ? parse(messageListBody, given).messages
            : [parse(messageBody, given)];
        const events = messages.map((one) => toMessageEvent(one, APP.settings.ttlSeconds));
        await dispatchMessages(APP_KEY, events, ports);
        const pushed = dispatched.jobs
          .splice(0)
          .flatMap(({ pushes }) => pushes.flatMap(({ targets }) => targets));
        const asked = events.reduce((sum, { recipients }) => sum + recipients.length, 0);
        if (pushed.length !== asked) throw new Error('not every phone is pushed to');
      }
    },
    close: () => undefined,
  };
}
