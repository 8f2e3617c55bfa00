import pMap from 'p-map';
import type { Certificate } from '../model/certificate';
import { chunk } from '../model/chunk';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { SendOutcome } from '../model/send-outcome';
import type { EpochMs } from '../model/time';
import type { DeliveryPorts } from './deliver-jobs';

/** One target with what the vendor said about it, and when the request began. */
export interface SentTarget {
  readonly push: Push;
  readonly target: PushTarget;
  readonly outcome: SendOutcome;
  readonly sendBeganAt: EpochMs;
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
  const { tokensPerRequest } = ports.vendor.limits;
  const size = tokensPerRequest > 1 ? tokensPerRequest : TOKENS_PER_SINGLE_SENDER_CALL;
  const sender = ports.sender(certificate, job);
  const requests = pushes.flatMap((push) =>
    chunk(push.targets, size).map((targets) => ({ push, targets })),
  );
  const sent = await pMap(
    requests,
    async ({ push, targets }) => {
      const sendBeganAt = ports.clock.now();
      const [first, ...rest] = targets.map(({ token }) => token);
      const messageClass = certificate.classes?.[push.notification.messageClass];
      const outcomes =
        sendBeganAt > lastStartAt || first === undefined
          ? targets.map(() => OUT_OF_TIME)
          : await sender.send({
              jobId: job.jobId,
              notification: push.notification,
              tokens: [first, ...rest],
              ttlSeconds: Math.max(1, Math.floor((push.expiresAt - sendBeganAt) / 1000)),
              ...(messageClass === undefined ? {} : { messageClass }),
              ...receiptUrl(certificate, ports),
            });
      return targets.map((target, index) => ({
        push,
        target,
        outcome: outcomes[index] ?? MISSING,
        sendBeganAt,
      }));
    },
    { concurrency: PARALLEL_REQUESTS },
  );
  return sent.flat();
}

/** Our own time ran out before the request began: a wait, not a failure. */
const OUT_OF_TIME: SendOutcome = {
  kind: 'throttled',
  scope: 'second',
  reason: { code: 'flow-control', text: 'the sender ran out of time; the rest is sent again' },
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
