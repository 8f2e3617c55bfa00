import type { Operation } from './operations';
import { acksAnswer, acksBody, recallAnswer, recallBody } from './recall-schemas';

/** Routes about messages that are under way. */
export const RECALL_OPERATIONS: readonly Operation[] = [
  {
    route: 'DELETE /v1/messages/{messageId}',
    summary: 'Recall a message: stop it, take back or overwrite what is shown',
    scope: 'server',
    status: 202,
    body: recallBody,
    isBodyOptional: true,
    answer: recallAnswer,
  },
  {
    route: 'POST /v1/acks',
    summary: 'Tell which devices have which messages: nothing is pushed to them',
    scope: 'device',
    status: 202,
    body: acksBody,
    answer: acksAnswer,
  },
];
