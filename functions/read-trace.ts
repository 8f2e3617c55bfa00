import { cursorField, idField } from '../lib/http/fields';
import { parse } from '../lib/http/parse';
import { Refusal } from '../lib/model/errors';
import { readTrace } from '../lib/usecases/read-trace';
import { api } from './wiring/api';
import { jobs, submissions } from './wiring/container';

/** Tells the story of one message: decision, job, vendor's answer, receipt. */
export const handler = api({
  'GET /v1/messages/{messageId}/trace': {
    scope: 'server',
    async handle({ appKey, path, query }) {
      const messageId = parse(idField, path['messageId'], 'messageId');
      const { accountId, deviceId, cursor } = query;
      const filter = {
        ...(accountId === undefined ? {} : { accountId: parse(idField, accountId, 'accountId') }),
        ...(deviceId === undefined ? {} : { deviceId: parse(idField, deviceId, 'deviceId') }),
        ...(cursor === undefined ? {} : { from: parse(cursorField, cursor, 'cursor') }),
      };
      const ports = { submissions: submissions(), jobs: jobs() };
      const body = await readTrace(appKey, messageId, filter, ports);
      if (body === undefined) throw new Refusal(404, 'nothing is kept of such a message');
      return { status: 200, body };
    },
  },
});
