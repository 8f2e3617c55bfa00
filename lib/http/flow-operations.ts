import { flowAnswer, flowQuery } from './flow-schemas';
import type { Operation } from './operations';

/** Routes about limits and how they are used. */
export const FLOW_OPERATIONS: readonly Operation[] = [
  {
    route: 'GET /v1/flow',
    summary: 'Tell how the limits of certificates are used, and what waits for them',
    scope: 'admin',
    status: 200,
    answer: flowAnswer,
    query: {
      vendor: { description: 'Only certificates of this vendor', schema: flowQuery.vendor },
      certificate: { description: 'Only this certificate', schema: flowQuery.certificate },
    },
  },
];
