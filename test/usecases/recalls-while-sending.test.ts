import type { MessageEvent } from '../../lib/model/message-event';
import type { TargetResult } from '../../lib/model/ports';
import type { PushJob } from '../../lib/model/push-job';
import type { TargetStatus } from '../../lib/model/send-outcome';
import { type Recall, recallMessage } from '../../lib/usecases/recall-message';
import { APP, type RecallRig, startRecallRig } from '../support/recall-rig';

const LEASE_MS = 40_000;

let rig: RecallRig;
beforeAll(async () => {
  rig = await startRecallRig();
});
afterEach(async () => {
  rig.clock.ahead = 0;
  await rig.queued();
});
afterAll(() => rig.close());

/** What a recall queues, and how long each job stays away. */
async function queuedBy({ messageId }: MessageEvent, more?: Partial<Recall>, ports = rig.ports) {
  const recall = () => recallMessage(APP, { messageId, ...more }, ports);
  const calls = await rig.aws.wire.watch(recall);
  return calls
    .filter(({ operation }) => operation === 'SendMessageBatch')
    .flatMap(({ body }) => body['Entries'] as { MessageBody: string; DelaySeconds?: number }[])
    .map(({ MessageBody, DelaySeconds = 0 }) => ({
      job: JSON.parse(MessageBody) as PushJob, // just written by the job queue
      delaySeconds: DelaySeconds,
    }));
}

/** Pushes a message to a user, up to where a sender has claimed its job; answers the job and when the claim ends. */
async function claimed(event: MessageEvent) {
  await rig.dispatch(event);
  const [job] = await rig.queued();
  if (job === undefined) throw new Error('nothing was queued');
  return { job, until: await claim(job) };
}

async function claim(job: PushJob): Promise<number> {
  const now = rig.clock.now();
  await rig.ports.jobs.claim(job, now + LEASE_MS, now);
  return now + LEASE_MS;
}

function resultsOf({ pushes }: PushJob, status: TargetStatus): TargetResult[] {
  return pushes.flatMap(({ messageId, targets }) =>
    targets.map(({ accountId, deviceId, token }) => ({
      ...{ messageId, accountId, deviceId, token, status },
      at: rig.clock.now(),
    })),
  );
}

test.each([
  ['withdraws', {}, { withdraws: true }],
  ['overwrites', { pushContent: 'gone' }, { notification: { body: 'Alice:gone' } }],
])(
  'a recall that %s what a sender is at work on waits until nothing of it can come any more',
  async (_what, words, said) => {
    const message = rig.messageTo([await rig.user()]);
    const { until } = await claimed(message);

    const [put, ...more] = await queuedBy(message, words);

    expect(more).toEqual([]);
    expect(put?.job.pushes).toMatchObject([{ ...said, targets: [{ notBefore: until }] }]);
    // a second was spent on looking whether the sender is done
    expect(put?.delaySeconds).toBeGreaterThan(LEASE_MS / 1000 - 5);
    expect(put?.delaySeconds).toBeLessThanOrEqual(LEASE_MS / 1000);
  },
);

test.each([
  ['accepted', 1],
  ['rejected', 0],
] as const)(
  'a send that ends as %s a moment after the recall came is waited for, and %i is withdrawn at once',
  async (status, withdrawn) => {
    const message = rig.messageTo([await rig.user()]);
    const { job } = await claimed(message);

    const { jobs } = rig.ports;
    const recall: typeof jobs.recall = async (...asked) => {
      const answer = await jobs.recall(...asked);
      await jobs.settle(job, 'done', resultsOf(job, status), rig.clock.now());
      return answer;
    };
    const put = await queuedBy(message, {}, { ...rig.ports, jobs: { ...jobs, recall } });

    expect(put.map(({ delaySeconds }) => delaySeconds)).toEqual(Array(withdrawn).fill(0));
    expect(put.flatMap(({ job: { pushes } }) => pushes[0].targets[0])).toEqual(
      Array(withdrawn).fill(expect.not.objectContaining({ notBefore: expect.anything() })),
    );
  },
);

test('what a sender left behind that is dead by now is withdrawn at once', async () => {
  const message = rig.messageTo([await rig.user()]);
  await claimed(message);
  rig.clock.ahead = LEASE_MS + 1_000;

  const put = await queuedBy(message);

  expect(put).toMatchObject([{ delaySeconds: 0, job: { pushes: [{ withdraws: true }] } }]);
});

test('of a job that is sent again, the phone that had its push waits for nothing', async () => {
  const users = [await rig.user(), await rig.user()];
  const message = rig.messageTo(users);
  const { job } = await claimed(message);
  const [shown, throttled] = resultsOf(job, 'accepted');
  if (shown === undefined || throttled === undefined) throw new Error('too few targets');
  const results = [shown, { ...throttled, status: 'throttled' } as const];
  await rig.ports.jobs.settle(job, 'handed-over', results, rig.clock.now());
  const until = await claim({ ...job, generation: 1 });

  const put = await queuedBy(message);

  const waits = put.flatMap(({ job: { pushes } }) =>
    pushes.flatMap(({ targets }) =>
      targets.map(({ accountId, notBefore }) => [accountId, notBefore]),
    ),
  );
  expect(new Map(waits.map(([user, notBefore]) => [user, notBefore]))).toEqual(
    new Map([
      [shown.accountId, undefined],
      [throttled.accountId, until],
    ]),
  );
});

test('what has to wait goes out though the message is over by then: a call would ring on', async () => {
  const expiresAt = rig.clock.now() + 30_000;
  const message = rig.messageTo([await rig.user()], { type: 'call', expiresAt });
  const { until } = await claimed(message);

  const [put] = await queuedBy(message);

  expect(put?.job.pushes[0].expiresAt).toBeGreaterThan(until);
});

test('where no sender is at work, nothing is waited for', async () => {
  const message = rig.messageTo([await rig.user()]);
  await rig.dispatch(message);
  await rig.sendAll();
  const { jobs } = rig.ports;
  let looks = 0;
  const recall: typeof jobs.recall = (...asked) => {
    looks += 1;
    return jobs.recall(...asked);
  };

  await queuedBy(message, {}, { ...rig.ports, jobs: { ...jobs, recall } });

  expect(looks).toBe(1);
});
