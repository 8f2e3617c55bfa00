import { type DeliveryRig, startDeliveryRig } from '../support/delivery-rig';

const MINUTE_MS = 60_000;

let rig: DeliveryRig;

beforeAll(async () => {
  rig = await startDeliveryRig();
});
afterEach(() => rig.simulators.xiaomi.reset());
afterAll(() => rig.close());

const tray = (token: string) => rig.simulators.phones.look(token).tray;

/** A gate with no room, as long as the test says. */
function aFullGate() {
  const gate = {
    isFull: true,
    awaitRoom: () => Promise.resolve({ kind: gate.isFull ? 'full' : 'ready' } as const),
    enter: () => Promise.resolve(gate.isFull ? undefined : { leave: () => undefined }),
    refuse: () => undefined,
    rest: () => Promise.resolve(),
  };
  return gate;
}

test('an IP that is not allowed makes the certificate rest in all containers, and loses nothing', async () => {
  const [first, second] = [rig.container(), rig.container()];
  await Promise.all([rig.user('phone-1'), rig.user('phone-2')]);
  rig.simulators.xiaomi.control({ ipNotAllowed: true });

  const [refused] = await rig.deliver(first, rig.job('phone-1'));
  const [waiting] = await rig.deliver(second, rig.job('phone-2'));
  if (refused === undefined || waiting === undefined) throw new Error('nothing was put back');

  expect(refused.delaySeconds).toBe(300);
  expect(refused.job.pushes[0].targets[0]).not.toHaveProperty('attempts');
  expect(waiting.delaySeconds).toBe(300);
  expect(rig.simulators.xiaomi.counters().requests).toBe(1);
  expect(rig.told).toContain('CertificateRests');
  expect(rig.told.join('\n')).toMatch(/certificate rests .*"code":"10004".*IP not allowed/);

  rig.simulators.xiaomi.control({ ipNotAllowed: false });
  rig.clock.at += 5 * MINUTE_MS + 1;
  await rig.deliver(first, refused.job);
  await rig.deliver(second, waiting.job);

  expect(tray('phone-1')).toHaveLength(1);
  expect(tray('phone-2')).toHaveLength(1);
});

test('whoever was found logged out is not pushed to after a wait for credit either', async () => {
  const gate = aFullGate();
  const container = rig.container({ gate: () => gate });
  await Promise.all([rig.user('inn'), rig.user('out', 'logged-out')]);
  const job = rig.job('inn', 'out');
  rig.clock.at += 10_000;

  const [again] = await rig.deliver(container, job);
  if (again === undefined) throw new Error('nothing was put back');
  gate.isFull = false;
  rig.clock.at += 1_500;
  await rig.deliver(container, again.job);

  expect(tray('inn')).toHaveLength(1);
  expect(tray('out')).toHaveLength(0);
  const record = (await container.jobs.read([job.jobId])).get(job.jobId);
  expect(record?.results.map(({ accountId, status }) => [accountId, status])).toEqual([
    ['out', 'no-longer-wanted'],
    ['inn', 'accepted'],
  ]);
});

test('a job that waits for credit reads nobody until there is some, but is dropped when it expires', async () => {
  const gate = aFullGate();
  const container = rig.container({ gate: () => gate });
  await rig.user('patient');
  const job = rig.job('patient');
  rig.clock.at += 10_000;

  const calls = await rig.aws.wire.watch(() => rig.deliver(container, job));
  expect(calls.map(({ operation }) => operation)).not.toContain('BatchGetItem');
  expect(calls.map(({ operation }) => operation)).toContain('SendMessageBatch');
  rig.clock.at += 2 * 60 * MINUTE_MS;
  const left = await rig.deliver(container, job);

  expect(left).toEqual([]);
  const record = (await container.jobs.read([job.jobId])).get(job.jobId);
  expect(record?.results.map(({ status }) => status)).toEqual(['expired']);
});

test('a token renewed before a wait for credit is the one that is sent to', async () => {
  const gate = aFullGate();
  const container = rig.container({ gate: () => gate });
  await rig.user('renewing');
  const job = rig.job('renewing');
  const [push] = job.pushes;
  const old = { ...push.targets[0], token: 'old-token' };
  rig.clock.at += 10_000;

  const [again] = await rig.deliver(container, {
    ...job,
    pushes: [{ ...push, targets: [old] }],
  });
  gate.isFull = false;
  if (again !== undefined) await rig.deliver(container, again.job);

  expect(tray('renewing')).toHaveLength(1);
  expect(tray('old-token')).toHaveLength(0);
});

test.each([
  [40_000, 5],
  [2_000, 2],
])(
  'a job whose claim stands for %d ms more is looked at again in %d s',
  async (leftMs, seconds) => {
    const [holder, other] = [rig.container(), rig.container()];
    const job = rig.job(`held-${leftMs}`);
    await holder.jobs.claim(job, rig.clock.at + leftMs, rig.clock.at);

    const again = await rig.deliver(other, job);

    expect(again).toEqual([{ job, delaySeconds: seconds }]);
  },
);

test('two dead phones of one request are found out one by one, and none is dead-lettered', async () => {
  const container = rig.container();
  await Promise.all([rig.user('dead-1'), rig.user('dead-2')]);
  let left = [{ job: rig.job('dead-1', 'dead-2'), delaySeconds: 0 }];
  for (let turn = 0; turn < 6 && left.length > 0; turn += 1) {
    rig.clock.at += 60_000;
    left = (await Promise.all(left.map(({ job }) => rig.deliver(container, job)))).flat();
  }

  expect(left).toEqual([]);
  expect(rig.told).not.toContain('DeadLetters');
  for (const user of ['dead-1', 'dead-2']) {
    const account = await container.accounts.get('app-1', user);
    expect(account?.devices['d']?.tokens).toEqual({});
  }
});
