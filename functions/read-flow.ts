import { createFlowStateStore } from '../lib/aws/flow-state-store';
import { createBacklogReader } from '../lib/aws/queue-backlog';
import { createQuotaReader } from '../lib/aws/quota-reader';
import { flowQuery } from '../lib/http/flow-schemas';
import { parse } from '../lib/http/parse';
import { readFlow } from '../lib/usecases/read-flow';
import { api } from './wiring/api';
import { apps, clock, dynamoDb, environment, lazy, sqs } from './wiring/container';

const flowStates = lazy(() => createFlowStateStore(dynamoDb(), environment().FLOW_TABLE));
const quotas = lazy(() => createQuotaReader(dynamoDb(), environment().FLOW_TABLE));
const backlog = lazy(() => createBacklogReader(sqs(), environment().QUEUE_URLS));

/** Shows how limits are used; changes none. */
export const handler = api({
  'GET /v1/flow': {
    scope: 'admin',
    async handle({ appKey, query: { vendor, certificate } }) {
      const filter = {
        ...(vendor === undefined ? {} : { vendor: parse(flowQuery.vendor, vendor, 'vendor') }),
        ...(certificate === undefined
          ? {}
          : { certificate: parse(flowQuery.certificate, certificate, 'certificate') }),
      };
      const body = await readFlow(appKey, filter, {
        apps: apps(),
        flowStates: flowStates(),
        quotas: quotas(),
        backlog: backlog(),
        clock,
      });
      return { status: 200, body };
    },
  },
});
