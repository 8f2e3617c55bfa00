import pMap from 'p-map';
import type { Certificate } from '../model/certificate';
import { chunk } from '../model/chunk';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { SendOutcome } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import type { FlowGate } from '../model/vendor-ports';
import { FLOW_CONTROL_CODE } from '../rules/after-send';
import { requestSize } from '../rules/request-size';
import type { SendRequest, Vendor, VendorSender } from '../vendors/vendor';
import type { DeliveryPorts } from './deliver-jobs';
import { type RenderedPush, rememberPushes } from './remember-pushes';

/** One target with what the vendor said about it, and when the request began. */
export interface SentTarget {
  readonly push: Push;
  readonly target: PushTarget;
  readonly outcome: SendOutcome;
  readonly sendBeganAt: EpochMs;
  /** Which of a vendor's regional addresses was used. */
  readonly region?: string;
  /** Not sent: the notification of this message stands for it, and `outcome` is what became of that. */
  readonly mergedInto?: string;
}

const PARALLEL_REQUESTS = 20;
/** More tokens than this in one call of a vendor without multi-token requests: it runs them side by side itself. */
const TOKENS_PER_SINGLE_SENDER_CALL = 100;

/** Sends every target, as many to a request as the vendor takes. Never throws for the vendor's part. */
export async function sendPushes(
  job: PushJob,
  pushes: readonly Push[],
  certificate: Certificate,
  ports: DeliveryPorts,
  lastStartAt: EpochMs,
): Promise<SentTarget[]> {
  const rendered = await rememberPushes(job, pushes, ports);
  return sendRendered(job, rendered, certificate, ports, lastStartAt);
}

/** The same for pushes that have been given what depends on what else is unread. */
export async function sendRendered(
  job: PushJob,
  rendered: readonly RenderedPush[],
  certificate: Certificate,
  ports: DeliveryPorts,
  lastStartAt: EpochMs,
): Promise<SentTarget[]> {
  const gate = ports.gate(certificate, job);
  const size = tokensPerCall(certificate, ports.vendor, gate);
  const sender = ports.sender(certificate, job);
  const requests = rendered.flatMap(({ push, notification, targets: all }) =>
    [...byRegion(all, certificate, ports)].flatMap(([region, targets]) =>
      inRequests(targets, size).map((some) => ({
        push,
        notification,
        targets: some,
        at: region ? { region } : {},
      })),
    ),
  );
  const sent = await pMap(
    requests,
    async ({ push, notification, targets, at }) => {
      const sendBeganAt = ports.clock.now();
      const [first, ...rest] = targets.map(({ token }) => token);
      const messageClass = certificate.classes?.[notification.messageClass];
      const outcomes =
        sendBeganAt > lastStartAt || first === undefined
          ? targets.map(() => OUT_OF_TIME)
          : await say(sender, push, {
              jobId: job.jobId,
              notification,
              tokens: [first, ...rest],
              ttlSeconds: Math.max(1, Math.floor((push.expiresAt - sendBeganAt) / 1000)),
              ...(messageClass === undefined ? {} : { messageClass }),
              ...receiptUrl(certificate, ports),
              ...at,
            });
      const refused = refusedUnits(outcomes, ports.vendor);
      if (refused > 0) gate.refuse(refused);
      return targets.map((target, index) => ({
        push,
        target,
        outcome: outcomes[index] ?? MISSING,
        sendBeganAt,
        ...at,
      }));
    },
    { concurrency: PARALLEL_REQUESTS },
  );
  return sent.flat();
}

/** Sends, or takes back what was sent. */
function say(sender: VendorSender, { withdraws }: Push, request: SendRequest) {
  if (!withdraws) return sender.send(request);
  return sender.withdraw?.(request) ?? request.tokens.map(() => NOT_WITHDRAWN);
}

/** Units of the vendor's rate that it refused because there were too many. */
function refusedUnits(outcomes: readonly SendOutcome[], { limits }: Vendor): number {
  const refused = outcomes.filter(
    (outcome) =>
      outcome.kind === 'throttled' &&
      outcome.scope === 'second' &&
      outcome.reason.code !== FLOW_CONTROL_CODE,
  ).length;
  const isOneRequest = limits.rateCounts === 'requests' && limits.tokensPerRequest > 1;
  return isOneRequest ? Math.min(1, refused) : refused;
}

/** Units of the vendor's rate that one of its requests may count at most, by what the certificate is allowed. */
export function largestRequest(certificate: Certificate, { limits }: Vendor): number {
  if (limits.rateCounts === 'requests') return 1;
  const ratePerSecond = certificate.limits?.ratePerSecond ?? limits.ratePerSecond;
  return requestSize(limits.tokensPerRequest, ratePerSecond);
}

/** The same, by what the vendor's answers have left of the limit: a request that counts more would never find its credits. */
function largestRequestNow(certificate: Certificate, vendor: Vendor, gate: FlowGate): number {
  const largest = largestRequest(certificate, vendor);
  const learned = gate.state?.()?.learnedPerSecond;
  return learned === undefined ? largest : requestSize(largest, learned);
}

/** Units that the first of the requests will count. */
export function firstWeight(
  pushes: readonly Push[],
  certificate: Certificate,
  vendor: Vendor,
  gate: FlowGate,
): number {
  return Math.min(pushes[0]?.targets.length ?? 1, largestRequestNow(certificate, vendor, gate));
}

/** Units that all of the requests will count. */
export function unitsOf(pushes: readonly Push[], { limits }: Vendor): number {
  const perUnit = limits.rateCounts === 'tokens' ? 1 : limits.tokensPerRequest;
  return pushes.reduce((sum, { targets }) => sum + Math.ceil(targets.length / perUnit), 0);
}

function tokensPerCall(certificate: Certificate, vendor: Vendor, gate: FlowGate): number {
  const { rateCounts, tokensPerRequest } = vendor.limits;
  if (tokensPerRequest === 1) return TOKENS_PER_SINGLE_SENDER_CALL;
  return rateCounts === 'tokens' ? largestRequestNow(certificate, vendor, gate) : tokensPerRequest;
}

/** How much smaller the requests of a target become with each refusal nobody understands. */
const SHRINK = 8;

/**
 * Targets of one content in requests of at most `size`. Those that were together in a request refused for a
 * reason no table knows go in ever smaller ones, at last alone: one bad token must not take the others along.
 */
function inRequests(targets: readonly PushTarget[], size: number): PushTarget[][] {
  const byAttempts = Map.groupBy(targets, ({ attempts = 0 }) => attempts);
  return [...byAttempts].flatMap(([attempts, same]) =>
    chunk(same, Math.max(1, Math.floor(size / SHRINK ** attempts))),
  );
}

/** A request goes to one address: where there is one for each region, tokens of different ones never share it. */
function byRegion(
  targets: readonly PushTarget[],
  certificate: Certificate,
  { vendor }: DeliveryPorts,
): ReadonlyMap<string | undefined, PushTarget[]> {
  const hasRegions = typeof (certificate.endpoint ?? vendor.endpoint) !== 'string';
  return Map.groupBy(targets, ({ token, region }) =>
    hasRegions ? vendor.regionOf?.(token, region) : undefined,
  );
}

/** Our own time ran out before the request began: a wait, not a failure. */
export const OUT_OF_TIME: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: { code: FLOW_CONTROL_CODE, text: 'the sender ran out of time; the rest is sent again' },
};

/** Nobody asks this of a vendor that cannot; a job may be older than the service. */
const NOT_WITHDRAWN: SendOutcome = {
  kind: 'rejected',
  reason: { code: 'no-withdrawal', text: 'this vendor takes nothing back' },
};

const MISSING: SendOutcome = {
  kind: 'unavailable',
  reason: {
    code: 'no-outcome',
    text: 'the answer named no outcome for this token',
    unmapped: true,
  },
};

function receiptUrl({ receiptId }: Certificate, { vendor, publicUrl }: DeliveryPorts) {
  if (publicUrl === undefined || vendor.readReceipts === undefined) return {};
  return { receiptUrl: `${publicUrl}/r/${receiptId}` };
}
