import type { Account, Device } from '../../lib/model/account';
import type { PushJob } from '../../lib/model/push-job';
import { pickDue } from '../../lib/usecases/pick-due';
import { NOW } from '../support/builders';
import { type DeliveryRig, startDeliveryRig } from '../support/delivery-rig';

let rig: DeliveryRig;
beforeAll(async () => {
  rig = await startDeliveryRig();
});
afterAll(() => rig.close());

/** What a sender would do with the job, had it waited so long. */
async function due(job: PushJob, afterMs: number) {
  const ports = rig.container();
  const certificate = await ports.certificates.open(job.appKey, job.vendor, job.certificate);
  rig.clock.at = job.decidedAt + afterMs;
  return pickDue(job, certificate, ports);
}

async function change(user: string, changes: Partial<Device>, ofAccount: Partial<Account> = {}) {
  await rig.container().accounts.update('app-1', user, (account) => {
    const device = account?.devices['d'];
    if (account === undefined || device === undefined) return undefined;
    return { account: { ...account, ...ofAccount, devices: { d: { ...device, ...changes } } } };
  });
}

const HIDDEN = { settings: { showDetail: false } };
const ENGLISH = { facts: { locale: 'en' } };

describe('the number that a phone counts from', () => {
  const [old, reported] = [
    { value: 7, since: NOW },
    { value: 0, since: NOW + 3_000 },
  ];
  const numbers = async (user: string, afterMs: number) => {
    const job = rig.job(user);
    const [push] = job.pushes;
    const targets = [{ ...push.targets[0], badge: old }] as const;
    const { ready } = await due({ ...job, pushes: [{ ...push, targets }] }, afterMs);
    return ready.flatMap((one) => one.targets.map(({ badge }) => badge));
  };

  test('is what it last reported while the job waited', async () => {
    await rig.user('reporting');
    await change('reporting', { badge: reported });

    expect(await numbers('reporting', 4_000)).toEqual([old]);
    expect(await numbers('reporting', 6_000)).toEqual([reported]);
  });

  test('is none once the device no longer has one', async () => {
    await rig.user('anew');

    expect(await numbers('anew', 6_000)).toEqual([undefined]);
  });
});

describe('whoever hides details while a job waits', () => {
  beforeAll(async () => {
    await Promise.all(['open', 'shy', 'coy', 'english', 'waiting'].map((user) => rig.user(user)));
    await Promise.all([
      change('shy', HIDDEN),
      change('coy', {}, HIDDEN),
      change('english', { ...ENGLISH, ...HIDDEN }),
      change('waiting', HIDDEN),
    ]);
  });

  const seen = (pushes: PushJob['pushes'] | Awaited<ReturnType<typeof due>>['ready']) =>
    pushes.map(({ notification, targets }) => ({
      title: notification.title,
      body: notification.body,
      users: targets.map(({ accountId }) => accountId),
    }));
  const OPEN = { title: 'Alice', body: 'hello' };
  const CHINESE = { title: '您有一条新消息', body: '请点击查看' };

  test('is shown neither who writes nor what, and shares a push with those who see the same', async () => {
    const { ready } = await due(rig.job('open', 'shy', 'english', 'coy'), 6_000);

    expect(seen(ready)).toEqual([
      { ...OPEN, users: ['open'] },
      { ...CHINESE, users: ['shy', 'coy'] },
      { title: 'You have a new message', body: 'Tap to view', users: ['english'] },
    ]);
  });

  test('is not asked about before the job is decided again', async () => {
    const { ready } = await due(rig.job('open', 'shy'), 4_000);

    expect(seen(ready)).toEqual([{ ...OPEN, users: ['open', 'shy'] }]);
  });

  test('has it hidden too where the vendor asked to wait', async () => {
    const job = rig.job('waiting');
    const [push] = job.pushes;
    const targets = [{ ...push.targets[0], notBefore: job.decidedAt + 60_000 }] as const;

    const { ready, later } = await due({ ...job, pushes: [{ ...push, targets }] }, 6_000);

    expect(ready).toEqual([]);
    expect(seen(later)).toEqual([{ ...CHINESE, users: ['waiting'] }]);
  });
});
