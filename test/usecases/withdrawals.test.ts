import type { PushJob } from '../../lib/model/push-job';
import { type DeliveryRig, startDeliveryRig } from '../support/delivery-rig';

const HOUR_MS = 3_600_000;

let rig: DeliveryRig;
beforeAll(async () => {
  rig = await startDeliveryRig();
});
afterAll(() => rig.close());

const look = (token: string) => rig.simulators.phones.look(token);

/** The job that takes back what another showed. */
function withdrawalOf(job: PushJob, jobId: string): PushJob {
  const [push] = job.pushes;
  return { ...job, jobId, pushes: [{ ...push, messageId: 'recall/m', withdraws: true }] };
}

/** What came of a job: who, and with which status and code. */
async function resultsOf({ jobId }: PushJob) {
  const record = (await rig.container().jobs.read([jobId])).get(jobId);
  return record?.results.map(({ accountId, status, code = '' }) => [accountId, status, code]);
}

async function aShownJob(...users: [string, ...string[]]): Promise<PushJob> {
  for (const user of users) await rig.user(user);
  const job = rig.job(...users);
  await rig.deliver(rig.container(), job);
  for (const user of users) expect(look(user).tray).toHaveLength(1);
  return job;
}

test('what was shown is withdrawn though the user has logged out by now, and the token stays', async () => {
  const job = withdrawalOf(await aShownJob('leaver'), 'withdraw-leaver');
  await rig.user('leaver', 'logged-out');
  rig.clock.at += 10_000;

  const putBack = await rig.deliver(rig.container(), job);

  expect(putBack).toEqual([]);
  expect(look('leaver')).toMatchObject({ tray: [], withdrawn: 1 });
  expect(await resultsOf(job)).toEqual([['leaver', 'withdrawn', '']]);
  const account = await rig.container().accounts.get('app-1', 'leaver');
  expect(Object.keys(account?.devices['d']?.tokens ?? {})).toEqual(['xiaomi-cert']);
});

test('nothing is withdrawn by a token that no longer is the phone’s, or after the message’s life', async () => {
  const shown = await aShownJob('sold', 'kept');
  const job = withdrawalOf(shown, 'withdraw-sold');
  await rig.container().accounts.update('app-1', 'sold', (account) => {
    const device = account?.devices['d'];
    return account && device
      ? { account: { ...account, devices: { d: { ...device, tokens: {} } } } }
      : undefined;
  });
  rig.clock.at += 10_000;

  await rig.deliver(rig.container(), job);
  rig.clock.at += 2 * HOUR_MS;
  const late = withdrawalOf(shown, 'withdraw-late');
  await rig.deliver(rig.container(), late);

  expect(await resultsOf(job)).toEqual([
    ['sold', 'no-longer-wanted', 'no-token'],
    ['kept', 'withdrawn', ''],
  ]);
  expect(await resultsOf(late)).toEqual([
    ['sold', 'expired', ''],
    ['kept', 'expired', ''],
  ]);
});

test('a sender that cannot withdraw says so, and sends nothing', async () => {
  const job = withdrawalOf(await aShownJob('stuck'), 'withdraw-stuck');
  const able = rig.container();
  const container = rig.container({
    sender: (certificate, of) => ({ send: able.sender(certificate, of).send }),
  });

  await rig.deliver(container, job);

  expect(await resultsOf(job)).toEqual([['stuck', 'rejected', 'no-withdrawal']]);
  expect(look('stuck').arrivals).toHaveLength(1);
});

test('of a job only the recalled message is dropped, and what waits of it as well', async () => {
  await Promise.all(['one', 'two', 'three'].map((user) => rig.user(user)));
  const { pushes, ...job } = rig.job('one', 'two', 'three');
  const [{ targets, ...push }] = pushes;
  const [first, second, third] = targets;
  if (second === undefined || third === undefined) throw new Error('too few targets');
  const soon = { ...third, notBefore: rig.clock.at + 60_000 };
  const mixed: PushJob = {
    ...job,
    pushes: [
      { ...push, messageId: 'goes', targets: [first] },
      { ...push, messageId: 'gone', targets: [second, soon] },
    ],
  };
  const container = rig.container();
  await container.jobs.recall([job], 'gone', rig.clock.at);

  expect(await rig.deliver(container, mixed)).toEqual([]);

  expect(await resultsOf(mixed)).toEqual([
    ['two', 'recalled', ''],
    ['three', 'recalled', ''],
    ['one', 'accepted', ''],
  ]);
  expect(['one', 'two', 'three'].map((user) => look(user).tray.length)).toEqual([1, 0, 0]);
});

test('acknowledgements are asked for once for a whole job, and only where something hangs on them', async () => {
  await Promise.all(['acked', 'silent', 'plain'].map((user) => rig.user(user)));
  const { pushes, ...job } = rig.job('acked', 'silent');
  const [{ targets, ...push }] = pushes;
  const [first, second] = targets;
  if (second === undefined) throw new Error('too few targets');
  const container = rig.container();
  const ack = { messageId: push.messageId, accountId: 'acked', deviceId: 'd' };
  await container.acks.save('app-1', [ack], rig.clock.at);
  const unacked = { unacked: true } as const;
  const waiting: PushJob = {
    ...job,
    pushes: [
      {
        ...push,
        targets: [
          { ...first, ...unacked },
          { ...second, ...unacked },
        ],
      },
    ],
  };
  const reads = async (of: PushJob) => {
    const calls = await rig.aws.wire.watch(() => rig.deliver(container, of));
    return calls.filter(({ operation }) => operation === 'BatchGetItem').length;
  };

  expect(await reads(waiting)).toBe(1);
  expect(await reads(rig.job('plain'))).toBe(0);

  expect(await resultsOf(waiting)).toEqual([
    ['acked', 'acknowledged', ''],
    ['silent', 'accepted', ''],
  ]);
});
