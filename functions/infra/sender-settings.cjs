/**
 * How senders take jobs from their queues, in one place because the numbers depend on each other:
 * function time-out < claim lease < visibility. A job found claimed is then always one whose sender
 * is still alive or has just died. Why these numbers: docs/operations.md, "Event sources".
 */
const timeoutSeconds = 30;
const bulkWindowSeconds = 1;

module.exports = {
  /**
   * 7 s are kept for the last request and settling (`functions/wiring/sender.ts`), so requests begin for 23 s:
   * what a full bulk batch needs at a vendor that takes one token a request.
   */
  timeoutSeconds,
  /** Longer than the function lives, so a claim never ends under a running sender; `CLAIM_LEASE_MS` in its environment. */
  claimLeaseMs: 40_000,
  lanes: {
    direct: {
      /** The most SQS hands over without a batching window; with one, a lone 1-to-1 message would wait for company. */
      batchSize: () => 10,
      batchingWindowSeconds: 0,
      /**
       * After a crash a chat message comes back so soon. AWS advises six times the time-out, so that calls the account
       * throttles are tried again before they are seen anew; seen anew they are just received once more, of ten times.
       */
      visibilitySeconds: 60,
      concurrency: { name: 'directConcurrency', fallback: 5, from: 2, upTo: 1_000 },
    },
    bulk: {
      /**
       * As many jobs as a sender works on side by side (50, `lib/usecases/deliver-jobs.ts`): 3.8 MB of Lambda's 6 MB
       * if all are full. A full job is some 650 requests where each takes one token: fewer jobs then.
       */
      batchSize: ({ tokensPerRequest }) => (tokensPerRequest === 1 ? 20 : 50),
      /** The shortest that allows more than 10 messages a batch. */
      batchingWindowSeconds: bulkWindowSeconds,
      /** What AWS advises for a queue that triggers a function: six times the time-out, and the window. */
      visibilitySeconds: 6 * timeoutSeconds + bulkWindowSeconds,
      concurrency: { name: 'bulkConcurrency', fallback: 5, from: 2, upTo: 1_000 },
    },
  },
  /**
   * Dedicated pollers of each `direct` queue; 0: Lambda's own, at no price. Each runs up to 10 senders, in place of
   * the concurrency above: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  directPollers: { name: 'directPollers', fallback: 0, from: 0, upTo: 200 },
  /** Counts crashes only: waiting puts a new copy of the job into the queue. */
  maxReceiveCount: 10,
  /** The longest SQS keeps anything: 14 days. */
  retentionSeconds: 1_209_600,
};
