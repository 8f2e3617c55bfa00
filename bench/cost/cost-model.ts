import { MESSAGE_LIMITS, UNITS } from './unit-facts';

/** A month of messages, each to equally many people. */
export interface Traffic {
  /** Message events a month. */
  readonly messages: number;
  /** Events a second while there are any. */
  readonly messagesPerSecond: number;
  /** Recipients of one message; 1 is 1-to-1. */
  readonly recipients: number;
  /** Devices to push to for each recipient, 0.7 if three of ten look at the app. */
  readonly pushesPerRecipient: number;
  /** Events in one call of `POST /v1/messages`. */
  readonly eventsPerCall: number;
  /** Whether calls have a `batchId`. */
  readonly batchId: boolean;
  /** Whether events come through the `message-events` queue rather than by HTTP. */
  readonly viaQueue: boolean;
  readonly trace: 'off' | 'failures' | 'full';
  /** Vendors among which the devices are spread evenly. */
  readonly vendors: number;
  /** Part of the pushes that go to vendors of one token a request (APNs, FCM), 0 to 1. */
  readonly oneTokenShare: number;
  /** Of one push token. */
  readonly tokenBytes: number;
  /** From a request to a vendor to its answer. */
  readonly roundTripMs: number;
  /** Jobs a sender gets at once, if they are known; reckoned from the rate otherwise. */
  readonly jobsPerInvocation?: number;
  /** Part of the pushes whose vendor sends a receipt of its own, 0 to 1. */
  readonly receiptShare: number;
}

/** What AWS bills in a month. */
export interface Counts {
  readonly pushes: number;
  readonly apiRequests: number;
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
  readonly sqsRequests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly storageGbMonths: number;
  readonly kmsRequests: number;
  readonly logGb: number;
  readonly egressGb: number;
}

/**
 * Reckons what a month of traffic costs in units of AWS. Units are those that `docs/architecture.md` tells of;
 * GB-seconds, bytes and how full batches are rest on estimates (`unit-facts.ts`).
 */
export function countUnits(traffic: Traffic): Counts {
  const { messages, recipients, eventsPerCall, viaQueue } = traffic;
  const events = viaQueue ? MESSAGE_LIMITS.eventsPerQueueBatch : eventsPerCall;
  const calls = messages / events;
  const pushes = messages * recipients * traffic.pushesPerRecipient;
  const jobs = jobsOf(traffic, pushes / calls, calls);
  const dispatch = dispatchOf(traffic, calls);
  const sending = sendingOf(traffic, pushes, jobs);
  const receipts = pushes * traffic.receiptShare;
  const kept = dispatch.kept + sending.kept + receipts;
  return {
    pushes,
    apiRequests: (viaQueue ? 0 : calls) + receipts,
    lambdaRequests: calls + jobs.invocations + receipts,
    lambdaGbSeconds: dispatch.gbSeconds + sending.gbSeconds + receipts * UNITS.gbSecondsOfReceipt,
    sqsRequests: jobs.sends + jobs.receives + jobs.deletes + (viaQueue ? 3 * calls : 0),
    writeUnits: dispatch.writes + sending.writes + receipts,
    readUnits: dispatch.reads + sending.reads + receipts / 2,
    storageGbMonths: (kept * UNITS.bytesKeptOfWrite * UNITS.daysKept) / 30 / 1e9,
    kmsRequests: dispatch.kms + sending.kms,
    logGb: (dispatch.logBytes + sending.logBytes) / 1e9,
    egressGb: (dispatch.egressBytes + sending.egressBytes) / 1e9,
  };
}

/** Units that a push is billed: API calls, invocations, DynamoDB units and SQS requests, added up as the bench does. */
export function unitsPerPush(counts: Counts): number {
  const { apiRequests, lambdaRequests, sqsRequests, writeUnits, readUnits, pushes } = counts;
  return (apiRequests + lambdaRequests + sqsRequests + writeUnits + readUnits) / pushes;
}

interface Jobs {
  readonly count: number;
  readonly invocations: number;
  /** Jobs of one invocation. */
  readonly perInvocation: number;
  /** Jobs of one vendor that were queued together, and so share the item their claims lie in. */
  readonly perSlice: number;
  /** Invocations a second of each busy container. */
  readonly perSecondAndContainer: number;
  readonly sends: number;
  readonly receives: number;
  readonly deletes: number;
}

function jobsOf(traffic: Traffic, pushesPerCall: number, calls: number): Jobs {
  const { vendors, recipients } = traffic;
  const isDirect = recipients === 1;
  // pushes fall on vendors like balls into boxes
  const touched = Math.min(pushesPerCall, vendors * (1 - (1 - 1 / vendors) ** pushesPerCall));
  const targets = pushesPerCall / touched;
  const bytes = isDirect
    ? UNITS.jobBytes + targets * (UNITS.contentBytes + UNITS.targetBytes + traffic.tokenBytes)
    : UNITS.jobBytes + UNITS.contentBytes + targets * (UNITS.targetBytes + traffic.tokenBytes);
  const perQueue = Math.max(1, Math.ceil(bytes / UNITS.sqsBytes));
  const count = calls * touched * perQueue;
  const jobsPerSecond = (traffic.messagesPerSecond / traffic.messages) * (count / vendors);
  const windowSeconds = isDirect ? 0 : 1;
  const busySeconds = windowSeconds + UNITS.senderSeconds + traffic.roundTripMs / 1_000;
  const fill = Math.max(jobsPerSecond * busySeconds, perQueue) / UNITS.pollers;
  const perInvocation =
    traffic.jobsPerInvocation ?? clamp(fill, 1, isDirect ? 10 : MESSAGE_LIMITS.bulkBatch);
  const invocations = count / perInvocation;
  const perSecond = jobsPerSecond / perInvocation;
  const containers = Math.max(1, Math.min(UNITS.pollers, perSecond * busySeconds));
  return {
    count,
    invocations,
    perInvocation,
    perSlice: Math.max(perQueue, jobsPerSecond * UNITS.claimSliceSeconds),
    perSecondAndContainer: perSecond / containers,
    sends: calls * touched * perQueue,
    // a receive takes up to ten messages, and is billed by 64 KB of them as well
    receives: Math.max(
      count / Math.min(10, perInvocation),
      (count * bytes) / perQueue / UNITS.sqsBytes,
    ),
    deletes: count / Math.min(10, perInvocation),
  };
}

function dispatchOf(traffic: Traffic, calls: number) {
  const { messages, recipients } = traffic;
  const events = messages / calls;
  const people = messages * recipients;
  const seconds = UNITS.dispatchSeconds + events * recipients * UNITS.secondsOfRecipient;
  const callsPerSecond = traffic.messagesPerSecond / events;
  const containers = Math.max(1, callsPerSecond * seconds);
  const rate = callsPerSecond / containers;
  const records = recordWrites(traffic, events);
  return {
    writes: calls * records,
    kept: calls * records,
    reads:
      people / 2 +
      calls * oncePer(UNITS.settingsKeptSeconds, rate) +
      calls * oncePer(UNITS.secretKeptSeconds, rate),
    kms: calls * oncePer(UNITS.openedKeptSeconds, rate),
    gbSeconds: calls * seconds * UNITS.dispatchGb,
    logBytes: calls * UNITS.logBytesOfDispatch,
    egressBytes: calls * UNITS.answerBytes + Math.min(100 * messages, people) * UNITS.decisionBytes,
  };
}

/** Write units of what is kept of one call. */
function recordWrites({ recipients, batchId, trace }: Traffic, events: number): number {
  const isSmall = recipients <= MESSAGE_LIMITS.recipientsInRecord;
  const decisionBytes = isSmall ? recipients * UNITS.bytesOfDecision : 0;
  const record = batchId
    ? writeUnits(events * (UNITS.bytesOfMessageInBatch + decisionBytes))
    : events * writeUnits(decisionBytes);
  // counts only: marked as done once all is queued
  const doneMarks = isSmall ? 0 : batchId ? 1 : events;
  const pages =
    trace === 'off' || (isSmall && !batchId)
      ? 0
      : events * writeUnits(recipients * UNITS.bytesOfDecision - UNITS.recordBytes);
  return record + doneMarks + pages;
}

function sendingOf(traffic: Traffic, pushes: number, jobs: Jobs) {
  const { trace, roundTripMs, oneTokenShare, recipients, tokenBytes } = traffic;
  const targets = pushes / jobs.count;
  const isDirect = recipients === 1;
  const ofOne = isDirect ? pushes : pushes * oneTokenShare;
  const ofMany = pushes - ofOne;
  const requests = ofOne + Math.max((jobs.count * ofMany) / pushes, ofMany / 1_000);
  // those of a slice that one sender has at once are claimed, and settled, with one write of their item
  const sharing = clamp(
    Math.min(jobs.perInvocation, jobs.perSlice),
    1,
    MESSAGE_LIMITS.claimsOfWrite,
  );
  const claims = ((2 * jobs.count) / sharing) * writeUnits(jobs.perSlice * UNITS.bytesOfClaim);
  // of what went well nothing is kept but in full
  const results = trace === 'full' ? jobs.count * writeUnits(targets * UNITS.bytesOfDecision) : 0;
  const perBatch = (seconds: number) =>
    jobs.invocations * oncePer(seconds, jobs.perSecondAndContainer);
  const leases = perBatch(UNITS.leaseSeconds);
  const seconds =
    jobs.invocations * (UNITS.senderSeconds + roundTripMs / 1_000) +
    requests * UNITS.secondsOfRequest;
  return {
    writes: claims + results + leases,
    kept: claims / 2 + results,
    reads: leases + perBatch(UNITS.certificateKeptSeconds),
    kms: perBatch(UNITS.openedKeptSeconds),
    gbSeconds: seconds * UNITS.senderGb,
    logBytes: jobs.invocations * UNITS.logBytesOfSender + 2 * jobs.count * UNITS.logBytesOfJob,
    egressBytes: requests * UNITS.requestBytes + ofMany * tokenBytes,
  };
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil((UNITS.recordBytes + bytes) / 1_024));
}

/** What happens at most once in so many seconds, for each of the calls that come at this rate. */
function oncePer(seconds: number, callsPerSecond: number): number {
  return Math.min(1, 1 / (seconds * callsPerSecond));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
