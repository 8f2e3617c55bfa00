import { createQuotaReader } from '../../lib/aws/quota-reader';
import type { PushJob } from '../../lib/model/push-job';
import type { CountedClass } from '../../lib/model/quota';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { dayIn } from '../../lib/rules/time-zone';
import type { DeliveryPorts } from '../../lib/usecases/deliver-jobs';
import type { PutBack } from '../support/delivery-rig';
import { useQuotaDays, withDeviceRates } from '../support/quota-days';
import { oppoTokenOf } from '../support/quota-rig';

const HOUR_MS = 60 * MINUTE_MS;

const days = useQuotaDays();
const { someUsers, statusesOf } = days;

/** A container that crashes when it has sent everything, before it tells anybody what came of it. */
function crashing(changes: Partial<DeliveryPorts> = {}): DeliveryPorts {
  const container = days.rig.container(changes);
  const settle = () => Promise.reject(new Error('crashed'));
  return { ...container, jobs: { ...container.jobs, settle } };
}

/** Lets containers deliver a job one after the other, each when the claim of the one before is over. */
async function deliverBy(job: PushJob, ...containers: DeliveryPorts[]): Promise<PutBack[]> {
  const put: PutBack[] = [];
  for (const [index, container] of containers.entries()) {
    if (index > 0) days.rig.clock.at += MINUTE_MS;
    put.push(...(await days.rig.deliver(container, job)));
  }
  return put;
}

/** What is counted of Xiaomi's default class today. */
function used(): Promise<number> {
  const of: CountedClass = {
    vendor: 'xiaomi',
    appKey: 'app-1',
    certificate: 'xiaomi-cert',
    quotaClass: 'default',
  };
  const reader = createQuotaReader(days.rig.aws.aside, 'flow');
  return reader.used(of, dayIn('Asia/Shanghai', days.rig.clock.at));
}

const arrivalsOf = (user: string) => days.rig.simulators.phones.look(user).arrivals.length;

describe('what a sender sent before it crashed', () => {
  test('is sent again and goes no other way, though the total is used up since', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(put).toEqual([]);
    expect(arrivalsOf(user)).toBe(2);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
    expect(await used()).toBe(2);
  });

  test('however often senders crash', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), crashing(), crashing(), days.rig.container());

    expect(put).toEqual([]);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
  });

  test('is the same with the share of a device', async () => {
    await days.rig.limit('xiaomi', { perDeviceDaily: { default: 1 } });
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(put).toEqual([]);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
  });

  test('goes no other way because its class was paused since', async () => {
    const [[user = ''], job] = await someUsers(1);
    await deliverBy(job, crashing());
    days.rig.clock.at += 10_000;
    days.rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });
    await days.rig.deliver(days.rig.container(), (await someUsers(1))[1]);
    days.rig.clock.at += MINUTE_MS;

    const put = await days.rig.deliver(days.rig.container(), job);

    expect(put).toEqual([]);
    expect(await statusesOf(job)).toEqual([[user, 'quota', 'quota-daily']]);
  });

  test('goes no other way because the hours of its class are over since', async () => {
    // it is 16:00 in China
    await days.rig.limit('xiaomi', { quietHours: { default: { from: '16:01', to: '17:00' } } });
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(put).toEqual([]);
    expect(await statusesOf(job)).toEqual([[user, 'quota', 'quiet-hours']]);
  });

  test('goes no other way because the vendor takes no more of its class since', async () => {
    const [[user = ''], job] = await someUsers(1);
    await deliverBy(job, crashing());
    days.rig.clock.at += MINUTE_MS;
    days.rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });

    const put = await days.rig.deliver(days.rig.container(), job);

    expect(put).toEqual([]);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
  });

  test('nor because it takes no more though it counts no classes', async () => {
    const quotaClassOf = () => undefined;
    const [[user = ''], job] = await someUsers(1);
    await deliverBy(job, crashing({ quotaClassOf }));
    days.rig.clock.at += MINUTE_MS;
    days.rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });

    const put = await days.rig.deliver(days.rig.container({ quotaClassOf }), job);

    expect(put).toEqual([]);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
  });

  test('nor, being a call, because its device has had all it may have in a minute', async () => {
    const vendor = withDeviceRates({ limit: 1, seconds: 60 });
    const [[user = ''], stored] = await someUsers(1);
    const [push] = stored.pushes;
    const notification = { ...push.notification, messageClass: 'call' };
    const job = { ...stored, pushes: [{ ...push, notification }] as const };
    await deliverBy(job, crashing({ vendor }));
    days.rig.clock.at += MINUTE_MS;
    const other = { ...days.rig.job(user), jobId: `${job.jobId}-other` };
    await days.rig.deliver(days.rig.container({ vendor }), other);

    const put = await days.rig.deliver(days.rig.container({ vendor }), job);

    expect(put).toEqual([]);
    expect(arrivalsOf(user)).toBe(3);
  });

  test('is still known as such where there is no time to send it now', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    const [, job] = await someUsers(1);
    await deliverBy(job, crashing());
    days.rig.clock.at += MINUTE_MS;
    const { quotas } = days.rig.container();
    const pauseOf: typeof quotas.pauseOf = (...asked) => {
      days.rig.clock.at += 1;
      return quotas.pauseOf(...asked);
    };

    const slow = days.rig.container({ quotas: { ...quotas, pauseOf } });
    const [next] = await days.rig.deliver(slow, job);

    const today = dayIn('Asia/Shanghai', days.rig.clock.at);
    expect(next?.job.pushes[0].targets).toEqual([expect.objectContaining({ counted: today })]);
  });

  test('is sent again within the quota of the day it is by now, else not at all', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    const [[user = ''], stored] = await someUsers(1);
    const [push] = stored.pushes;
    const expiresAt = days.rig.clock.at + DAY_MS;
    const job = { ...stored, pushes: [{ ...push, expiresAt }] as const };
    await deliverBy(job, crashing());
    days.rig.clock.at += 9 * HOUR_MS;
    await days.rig.deliver(days.rig.container(), (await someUsers(1))[1]);

    const put = await days.rig.deliver(days.rig.container(), job);

    expect(put).toEqual([]);
    expect(arrivalsOf(user)).toBe(1);
    expect(await statusesOf(job)).toEqual([[user, 'quota', 'quota-daily']]);
    expect(await used()).toBe(1);
  });
});

describe('what a sender had no quota for before it crashed', () => {
  test('goes the same other way again, and is not sent by this one', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    await days.rig.deliver(days.rig.container(), (await someUsers(1))[1]);
    days.rig.clock.at += MINUTE_MS;
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(put).toHaveLength(2);
    expect(new Set(put.map((one) => one.job.jobId)).size).toBe(1);
    for (const one of put) await days.rig.deliver(days.rig.oppoContainer(), one.job);
    expect(days.rig.shown(user)).toEqual({ xiaomi: 0, oppo: 1 });
    expect(days.rig.simulators.phones.look(oppoTokenOf(user)).arrivals).toHaveLength(1);
    expect(await used()).toBe(1);
  });

  test('does so as well where the class had been paused before', async () => {
    days.rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });
    await days.rig.deliver(days.rig.container(), (await someUsers(1))[1]);
    days.rig.clock.at += MINUTE_MS;
    const [[user = ''], job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(new Set(put.map((one) => one.job.jobId)).size).toBe(1);
    expect(put).toHaveLength(2);
    expect(arrivalsOf(user)).toBe(0);
  });

  test('does so as well outside of the hours of its class', async () => {
    await days.rig.limit('xiaomi', { quietHours: { default: { from: '15:00', to: '17:00' } } });
    const [, job] = await someUsers(1);

    const put = await deliverBy(job, crashing(), days.rig.container());

    expect(put.map(({ job: { jobId } }) => jobId)).toEqual(Array(2).fill(put[0]?.job.jobId));
  });
});

test('a sender that crashed before it took any leaves the quota as it is', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 2 } });
  const [[user = ''], job] = await someUsers(1);
  const { quotas } = days.rig.container();
  const take = () => Promise.reject(new Error('crashed'));

  await deliverBy(job, crashing({ quotas: { ...quotas, take } }), days.rig.container());

  expect(days.rig.shown(user).xiaomi).toBe(1);
  expect(await used()).toBe(1);
});

test('crashed senders count more than the limit for what they may have sent alone', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 4 } });
  const [all, job] = await someUsers(2);
  await deliverBy(job, crashing());
  const [others, more] = await someUsers(4);
  days.rig.clock.at += 10_000;
  await days.rig.deliver(days.rig.container(), more);
  days.rig.clock.at += MINUTE_MS;

  await days.rig.deliver(days.rig.container(), job);

  const shown = [...all, ...others].reduce((sum, user) => sum + days.rig.shown(user).xiaomi, 0);
  expect(shown).toBe(4);
  expect(await used()).toBe(6);
});
