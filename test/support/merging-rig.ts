import type { Push, PushJob } from '../../lib/model/push-job';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { type DeliveryPorts, deliverJobs } from '../../lib/usecases/deliver-jobs';
import type { SendRequest } from '../../lib/vendors/vendor';
import { NOW } from './builders';
import { type DeliveryRig, startDeliveryRig } from './delivery-rig';

export const ACCEPTED: SendOutcome = { kind: 'accepted' };
export const UNAVAILABLE: SendOutcome = {
  kind: 'unavailable',
  reason: { code: '500', text: 'busy' },
};
export const REJECTED: SendOutcome = { kind: 'rejected', reason: { code: '400', text: 'no' } };

/** A container, and the vendor behind it. */
export interface MergingVendor {
  ports: DeliveryPorts;
  readonly requests: readonly SendRequest[];
  /** What was asked for since the last look, as `tokens: body`. */
  bodies(): string[];
}

/** Containers whose jobs have messages for the same phones. */
export interface MergingRig extends DeliveryRig {
  /** A vendor that says what it is told to, with as much room as anybody wants. */
  aVendor(say?: (request: SendRequest) => SendOutcome): MergingVendor;
  /** A job with one message to one user, as an app with `mergeWaiting` has it. */
  aMessage(user: string, number: number, changes?: Partial<Push>): PushJob;
  /** Delivers all in one invocation, once they have waited for so long; answers what is put back, and what failed on our side. */
  deliverAll(
    vendor: MergingVendor,
    all: readonly PushJob[],
    afterMs?: number,
  ): Promise<{ readonly back: readonly PushJob[]; readonly failed: readonly PushJob[] }>;
  /** What became of each message at last. */
  fates(vendor: MergingVendor, all: readonly PushJob[]): Promise<Readonly<Record<string, string>>>;
}

export async function startMergingRig(): Promise<MergingRig> {
  const rig = await startDeliveryRig();
  function aVendor(say: (request: SendRequest) => SendOutcome = () => ACCEPTED): MergingVendor {
    const requests: SendRequest[] = [];
    const gate = {
      awaitRoom: () => Promise.resolve({ kind: 'ready' } as const),
      enter: () => Promise.resolve({ leave: () => undefined }),
      rest: () => Promise.resolve(),
      refuse: () => undefined,
    };
    const ports = rig.container({
      gate: () => gate,
      sender: () => ({
        async send(request) {
          requests.push(request);
          const [, ...others] = request.tokens;
          const outcome = say(request);
          return [outcome, ...others.map(() => outcome)];
        },
      }),
    });
    const bodies = () =>
      requests.splice(0).map(({ notification: { body }, tokens }) => `${tokens.join()}: ${body}`);
    return { ports, requests, bodies };
  }

  let jobs = 0;

  function aMessage(user: string, number: number, changes: Partial<Push> = {}): PushJob {
    const job = rig.job(user);
    const [push] = job.pushes;
    jobs += 1;
    const messageId = `${user}-${number}`;
    return {
      ...job,
      jobId: `merging-${jobs}`,
      pushes: [
        {
          ...push,
          messageId,
          subject: { conversationId: 'alice', sentAt: NOW + number },
          mayMerge: true,
          ...changes,
          notification: {
            ...push.notification,
            body: `text ${number}`,
            data: { messageId },
            ...changes.notification,
          },
        },
      ],
    };
  }

  async function deliverAll({ ports }: MergingVendor, all: readonly PushJob[], afterMs = 6_000) {
    rig.clock.at += afterMs;
    const times = { claimLeaseMs: 15_000, lastStartAt: rig.clock.at + 5_000 };
    let failed: readonly PushJob[] = [];
    const calls = await rig.aws.wire.watch(async () => {
      failed = await deliverJobs(all, ports, times);
    });
    const back = calls
      .filter(({ operation }) => operation === 'SendMessageBatch')
      .flatMap(({ body }) => body['Entries'] as { MessageBody: string }[])
      .map(({ MessageBody }) => JSON.parse(MessageBody) as PushJob); // just written by the job queue
    return { back, failed };
  }

  async function fates({ ports }: MergingVendor, all: readonly PushJob[]) {
    const records = await ports.jobs.read(all.map(({ jobId }) => jobId));
    const results = [...records.values()].flatMap((record) => record.results);
    return Object.fromEntries(
      results.map(({ messageId, status, code = '' }) => [messageId, `${status} ${code}`.trim()]),
    );
  }

  return { ...rig, aVendor, aMessage, deliverAll, fates };
}
