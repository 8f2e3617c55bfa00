import { parse } from '../lib/http/parse';
import { readBody } from '../lib/http/read-schemas';
import { warningsFor } from '../lib/http/unknown-fields';
import { Refusal } from '../lib/model/errors';
import { ABILITIES } from '../lib/usecases/check-payloads';
import { readConversation } from '../lib/usecases/read-conversation';
import { api } from './wiring/api';
import { accounts, apps, clock, hash, queue, unread } from './wiring/container';

/** Takes what was read on one device off the others. */
export const handler = api({
  'POST /v1/reads': {
    scope: 'device',
    accountInBody: true,
    async handle({ appKey, caller, body }) {
      const read = parse(readBody, body);
      const { accountId, conversationId } = read;
      const isOthers = caller.kind === 'token' && caller.accountId !== accountId;
      if (isOthers && caller.scope === 'device') {
        throw new Refusal(403, 'a device token is good for its own account only');
      }
      const withdrawn = await readConversation(
        { appKey, ...read },
        {
          accounts: accounts(),
          apps: apps(),
          unread: unread(),
          queue: queue(),
          abilities: ABILITIES,
          clock,
          hash,
        },
      );
      const answer = { accountId, conversationId, withdrawn };
      return { status: 202, body: { ...answer, ...warningsFor(body, readBody) } };
    },
  },
});
