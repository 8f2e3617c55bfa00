import pMap from 'p-map';
import type { AckStore } from '../model/acknowledgement';
import type { Certificate } from '../model/certificate';
import type {
  AccountStore,
  AppStore,
  CertificateStore,
  JobQueue,
  JobStore,
  TargetResult,
  Telemetry,
} from '../model/ports';
import type { Push, PushJob } from '../model/push-job';
import type { QuotaClassOf, QuotaStore } from '../model/quota';
import type { Clock, EpochMs } from '../model/time';
import type { UnreadStore } from '../model/unread';
import type { FlowGate, Room } from '../model/vendor-ports';
import type { DeviceRates } from '../rules/device-rates';
import { earlierSender } from '../rules/earlier-sender';
import type { Vendor, VendorSender } from '../vendors/vendor';
import type { FlowPauses } from './flow-pauses';
import { meetWaiting, type WaitingMeeting } from './meet-waiting';
import { pickDue, withoutRecalled, withTargets } from './pick-due';
import { firstWeight } from './send-pushes';
import { sendWithinQuotas } from './send-within-quotas';
import { joined } from './settle-targets';
import { zoneOf } from './take-for-device';
import type { TokenGuard } from './token-guard';

/** What delivering needs; everything vendor-specific comes in through `vendor` and `sender`. */
export interface DeliveryPorts {
  readonly vendor: Vendor;
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly certificates: CertificateStore;
  readonly jobs: JobStore;
  readonly acks: AckStore;
  readonly unread: UnreadStore;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** 0..1, for spreading retries. */
  readonly random: () => number;
  readonly gate: (certificate: Certificate, job: PushJob) => FlowGate;
  readonly sender: (certificate: Certificate, job: PushJob) => VendorSender;
  readonly guard: (certificate: Certificate) => TokenGuard;
  readonly pauses: FlowPauses;
  /** Absent where the vendor counts nothing by class. */
  readonly quotaClassOf?: QuotaClassOf;
  readonly quotas: QuotaStore;
  /** What this container pushes to each device, and of how many containers it is one at most. */
  readonly deviceRates: { readonly counts: DeviceRates; readonly containers: number };
  /** Where jobs of one invocation merge what waits for the same phone. */
  readonly waiting?: WaitingMeeting;
  /** Base of receipt addresses; absent when vendors cannot reach us. */
  readonly publicUrl?: string;
}

export interface DeliveryTimes {
  /** A claim is good for so long; longer than an invocation can last. */
  readonly claimLeaseMs: number;
  /** No request is started after this, so that the invocation ends before AWS ends it. */
  readonly lastStartAt: EpochMs;
}

/** A sender waits so long for one certificate's credit before it goes on with the others' jobs. */
const ROOM_WAIT_MS = 1_000;
/** The next generation comes no sooner: one that found this claim unsettled would be put back. */
const SETTLE_MS = 1_000;
/** Claims are mostly settled long before their leases end, so a job found claimed is looked at again no later than this. */
const LOOK_AGAIN_MS = 5_000;
/** Jobs that waited for a certificate to rest come back spread over so long. */
const REST_SPREAD_MS = 10_000;
const PARALLEL_JOBS = 50;
/** What is not kept where only failures are. */
const WELL: readonly TargetResult['status'][] = ['accepted', 'merged', 'withdrawn'];

/**
 * Delivers queue messages: each ends settled, put back into the queue, or in the dead-letter queue.
 * Answers the jobs for which our own side failed; SQS is to deliver those again.
 */
export async function deliverJobs(
  jobs: readonly PushJob[],
  ports: DeliveryPorts,
  times: DeliveryTimes,
): Promise<readonly PushJob[]> {
  // all that meet must be at work side by side
  const waiting = meetWaiting(jobs.slice(0, PARALLEL_JOBS), ports.clock);
  const failures = await pMap(
    jobs,
    async (job) => {
      try {
        await deliverJob(job, { ...ports, waiting }, times);
        return [];
      } catch (error) {
        ports.telemetry.log('error', 'job failed', { ...tags(job), error });
        return [job];
      } finally {
        waiting.leave(job);
      }
    },
    { concurrency: PARALLEL_JOBS },
  );
  return failures.flat();
}

async function deliverJob(job: PushJob, ports: DeliveryPorts, times: DeliveryTimes): Promise<void> {
  const { clock, telemetry } = ports;
  const certificate = await ports.certificates.open(job.appKey, job.vendor, job.certificate);
  const gate = certificate && ports.gate(certificate, job);
  const due = dueAt(job.pushes, clock.now());
  if (certificate !== undefined && gate !== undefined && due.length > 0) {
    const weight = firstWeight(due, certificate, ports.vendor, gate);
    const room = await gate.awaitRoom(weight, ROOM_WAIT_MS);
    // deciding again costs reads: not before something can be sent
    if (room.kind !== 'ready') {
      return putBack(job, pauseFor(room, job, due, { certificate, gate }, ports), ports);
    }
  }
  const { ready, later, dropped, decidedAt } = await pickDue(job, certificate, ports);
  const decided = { ...job, decidedAt };
  if (ready.length === 0 && dropped.length === 0) {
    return putBack(withPushes(decided, later), earliest(later) - clock.now(), ports);
  }

  const now = clock.now();
  const answer = await ports.jobs.claim(job, now + times.claimLeaseMs, now);
  if (answer.claim === 'over') return telemetry.log('info', 'job already done', tags(job));
  if (answer.claim === 'held') {
    return putBack(job, Math.min(LOOK_AGAIN_MS, answer.until - now), ports);
  }

  const toSend = withoutRecalled(ready, answer.recalled, now);
  const toWait = withoutRecalled(later, answer.recalled, now);
  ports.pauses.passed(job, toSend.left);
  const { lastStartAt, claimLeaseMs } = times;
  const earlier =
    answer.lapsedAt === undefined
      ? {}
      : { earlier: earlierSender(answer.lapsedAt, claimLeaseMs, zoneOf(ports.vendor)) };
  const sending = { lastStartAt, ...earlier };
  const settled =
    certificate === undefined || gate === undefined || toSend.left.length === 0
      ? { again: [], results: [] }
      : await sendWithinQuotas(job, toSend.left, { certificate, gate }, ports, sending);
  const left = joined([...toWait.left, ...settled.again]);
  await hand(decided, left, ports);
  await ports.jobs.settle(
    job,
    left.length > 0 ? 'handed-over' : 'done',
    kept(job, [...dropped, ...toSend.dropped, ...toWait.dropped, ...settled.results]),
    clock.now(),
  );
}

function withPushes(job: PushJob, [first, ...rest]: readonly Push[]): PushJob {
  return first === undefined ? job : { ...job, pushes: [first, ...rest] };
}

/** What is to be sent by now, for all that is known of it. */
function dueAt(pushes: readonly Push[], now: EpochMs): Push[] {
  return pushes.flatMap((push) =>
    push.expiresAt <= now
      ? []
      : withTargets(
          push,
          push.targets.filter(({ notBefore = 0 }) => notBefore <= now),
        ),
  );
}

/** How long a job stays away that may not be sent now. */
function pauseFor(
  room: Room,
  job: PushJob,
  due: readonly Push[],
  { certificate, gate }: { readonly certificate: Certificate; readonly gate: FlowGate },
  { clock, pauses, random, telemetry, vendor }: DeliveryPorts,
): number {
  if (room.kind !== 'resting') {
    telemetry.count('FlowWaits', 1, { vendor: vendor.id });
    return pauses.turnedAway(job, due, certificate, gate);
  }
  return room.until - clock.now() + REST_SPREAD_MS * random();
}

/** Puts what is left of a job into the queue as its next generation. */
async function hand(job: PushJob, left: readonly Push[], ports: DeliveryPorts): Promise<void> {
  if (left.length === 0) return;
  const next = { ...withPushes(job, left), generation: job.generation + 1 };
  const delayMs = Math.max(SETTLE_MS, earliest(left) - ports.clock.now());
  await ports.queue.put([next], delayMs);
}

/** Sends the same job to the queue anew: waiting is not failing, so it must not count as a receive. */
async function putBack(job: PushJob, delayMs: number, ports: DeliveryPorts): Promise<void> {
  ports.telemetry.count('JobsPutBack', 1, { vendor: job.vendor });
  await ports.queue.put([job], Math.max(1, delayMs));
}

function earliest(pushes: readonly Push[]): EpochMs {
  const times = pushes.flatMap(({ targets }) => targets.map(({ notBefore }) => notBefore ?? 0));
  return Math.min(...times);
}

function kept({ traceLevel }: PushJob, results: readonly TargetResult[]): readonly TargetResult[] {
  if (traceLevel === 'off') return [];
  return traceLevel === 'full' ? results : results.filter(({ status }) => !WELL.includes(status));
}

/** What every log line about a job carries. */
export function tags(job: PushJob): Readonly<Record<string, unknown>> {
  const { jobId, vendor, generation, pushes } = job;
  return { jobId, vendor, generation, messageId: pushes[0].messageId, messages: pushes.length };
}
