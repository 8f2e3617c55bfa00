/** How much one message or call may hold, as the service has it. */
export const MESSAGE_LIMITS = {
  /** Messages a batch of the `message-events` queue and of `direct` queues. */
  eventsPerQueueBatch: 10,
  /** Jobs a batch of `bulk` queues. */
  bulkBatch: 50,
  /** Up to here the record of a message holds every decision. */
  recipientsInRecord: 100,
  /** Claims that one write changes. */
  claimsOfWrite: 40,
} as const;

/**
 * What the formula rests on. Bytes of jobs, items and log lines were counted on one machine (2026-11-24); seconds on
 * Lambda are estimates: nothing was measured on AWS.
 */
export const UNITS = {
  /** SQS bills every 64 KB of a request. */
  sqsBytes: 65_536,
  /** Around the pushes of a job. */
  jobBytes: 250,
  /** Of a notification that targets share. */
  contentBytes: 450,
  /** Of a target without its token. */
  targetBytes: 80,
  /** Of an item, without decisions or results. */
  recordBytes: 200,
  /** Of one decision or result, deflated among many. */
  bytesOfDecision: 9,
  /** Of one message in the record of a call with `batchId`. */
  bytesOfMessageInBatch: 30,
  /** Of an item of messages or jobs, on average, for each write unit that made it. */
  bytesKeptOfWrite: 600,
  /** What is kept of messages and jobs, and a day until TTL has deleted it. */
  daysKept: 8,
  /** Jobs queued within so long share the item their claims lie in. */
  claimSliceSeconds: 0.1,
  bytesOfClaim: 32,
  /** A sender at work renews its lease of the vendor's limit so often, with one read and one write. */
  leaseSeconds: 1.5,
  /** A container reads an app's settings no sooner again. */
  settingsKeptSeconds: 10,
  /** A container reads an app's secret no sooner again. */
  secretKeptSeconds: 60,
  /** A sender reads a certificate no sooner again. */
  certificateKeptSeconds: 10,
  /** What a container has opened it has KMS open no sooner again, unless it was changed. */
  openedKeptSeconds: 3_600,
  /** Lambda polls a queue with so many at least. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  pollers: 5,
  dispatchGb: 1,
  senderGb: 0.5,
  /** Of a call that decides and queues, beside its recipients: reads, a write, and sending to SQS. */
  dispatchSeconds: 0.025,
  secondsOfRecipient: 0.000_06,
  /** Of a batch, beside the requests: claims, settling. */
  senderSeconds: 0.05,
  /** Of CPU, at the third of one that 512 MB get. */
  secondsOfRequest: 0.0015,
  gbSecondsOfReceipt: 0.01,
  /** Metrics of a call. */
  logBytesOfDispatch: 690,
  /** Metrics of a batch. */
  logBytesOfSender: 530,
  /** `job queued` or `job sent`. */
  logBytesOfJob: 265,
  /** Of a call's answer without its decisions. */
  answerBytes: 400,
  decisionBytes: 100,
  /** Of a request to a vendor with its headers, without tokens beyond the first. */
  requestBytes: 1_200,
} as const;
