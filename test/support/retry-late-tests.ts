import { jest } from '@jest/globals';

/**
 * Leases, back-offs and queues run by the clock, and so do their tests: on a busy machine one may come too late. It is
 * tried twice more, and what failed at first is printed all the same.
 */
jest.retryTimes(2, { logErrorsBeforeRetry: true });
