import type { Operation } from './operations';
import { readAnswer, readBody } from './read-schemas';

/** Routes about what was read. */
export const READ_OPERATIONS: readonly Operation[] = [
  {
    route: 'POST /v1/reads',
    summary:
      'Tell how far a conversation was read: nothing older is pushed, and what is shown is withdrawn',
    scope: 'device',
    status: 202,
    body: readBody,
    answer: readAnswer,
  },
];
