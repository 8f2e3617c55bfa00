/**
 * How senders take jobs from their queues, in one place because the numbers depend on each other:
 * function time-out < claim lease < visibility, and visibility >= 6 × time-out.
 * A job found claimed is then always one whose sender is still alive or has just died.
 */
module.exports = {
  /** A vendor request may take 5 s, after at most 1 s of waiting for flow control; the rest is for settling. */
  timeoutSeconds: 10,
  /** Longer than the function lives, so a claim never ends under a running sender; `CLAIM_LEASE_MS` in its environment. */
  claimLeaseMs: 15_000,
  /** Six times the time-out: what AWS advises for a queue that triggers a function. */
  visibilitySeconds: 60,
  /** The most SQS hands over without a batching window; with one, a lone 1-to-1 message would wait for company. */
  batchSize: 10,
  batchingWindowSeconds: 0,
  /**
   * Containers per queue. Flow control sets the rate, so this only bounds how many share it: 5 × 10 jobs at a
   * 200 ms round trip keep some 250 requests/s in flight per queue, and many more as jobs carry many tokens.
   */
  maximumConcurrency: { direct: 5, bulk: 5 },
  /** Counts crashes only: waiting puts a new copy of the job into the queue. */
  maxReceiveCount: 10,
  /** The longest SQS keeps anything: 14 days. */
  retentionSeconds: 1_209_600,
};
