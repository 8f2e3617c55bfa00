import { idField } from '../lib/http/fields';
import { parse } from '../lib/http/parse';
import { recallBody } from '../lib/http/recall-schemas';
import { recallMessage } from '../lib/usecases/recall-message';
import { api } from './wiring/api';
import { accounts, apps, clock, hash, jobs, queue, submissions, unread } from './wiring/container';

/** Takes messages back. */
export const handler = api({
  'DELETE /v1/messages/{messageId}': {
    scope: 'server',
    async handle({ appKey, path, body }) {
      const messageId = parse(idField, path['messageId'], 'messageId');
      const recall = { messageId, ...parse(recallBody, body ?? {}) };
      const answer = await recallMessage(appKey, recall, {
        accounts: accounts(),
        apps: apps(),
        submissions: submissions(),
        jobs: jobs(),
        unread: unread(),
        queue: queue(),
        clock,
        hash,
      });
      return { status: 202, body: answer };
    },
  },
});
