import type { PushJob } from '../../lib/model/push-job';
import { MINUTE_MS } from '../../lib/model/time';
import { useQuotaDays, withDeviceRates } from '../support/quota-days';
import { oppoTokenOf } from '../support/quota-rig';

const HOUR_MS = 60 * MINUTE_MS;

const days = useQuotaDays();
const { someUsers, statusesOf } = days;

test('what is beyond the total goes another way before the vendor refuses it', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 3 } });
  days.rig.simulators.xiaomi.control({ dailyQuota: 3 });
  const [all, job] = await someUsers(5);

  const [other, ...more] = await days.rig.deliver(days.rig.container(), job);
  if (other === undefined) throw new Error('nothing went another way');
  await days.rig.deliver(days.rig.oppoContainer(), other.job);

  expect(more).toEqual([]);
  expect(other.job).toMatchObject({ vendor: 'oppo', certificate: 'oppo-cert', generation: 0 });
  expect(days.rig.simulators.xiaomi.counters()).toMatchObject({ requests: 1, accepted: 1 });
  expect(all.map(days.rig.shown)).toEqual([
    ...Array(3).fill({ xiaomi: 1, oppo: 0 }),
    ...Array(2).fill({ xiaomi: 0, oppo: 1 }),
  ]);
  expect((await statusesOf(job)).slice(3)).toEqual([
    [all[3], 'other-channel', 'quota-daily'],
    [all[4], 'other-channel', 'quota-daily'],
    [all[3], 'accepted', undefined],
    [all[4], 'accepted', undefined],
  ]);
  expect(days.rig.told).toContain('QuotaOtherChannels');
});

test('many containers use all of a total, and no more', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 40 } });
  await days.rig.whenUsedUp('drop');
  days.rig.simulators.xiaomi.control({ dailyQuota: 40 });
  const jobs: [string[], PushJob][] = [];
  for (let job = 0; job < 12; job += 1) jobs.push(await someUsers(5));

  await Promise.all(jobs.map(([, job]) => days.rig.deliver(days.rig.container(), job)));

  const shown = jobs
    .flatMap(([all]) => all)
    .reduce((sum, user) => sum + days.rig.shown(user).xiaomi, 0);
  expect(shown).toBe(40);
  expect(days.rig.told.filter((line) => line.includes('200001'))).toEqual([]);
});

test('a day later there is quota again', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
  await days.rig.whenUsedUp('drop');
  const [[first = ''], job] = await someUsers(1);
  await days.rig.deliver(days.rig.container(), job);
  days.rig.clock.at += 8 * HOUR_MS;
  const [[second = ''], next] = await someUsers(1);

  await days.rig.deliver(days.rig.container(), next);

  expect([first, second].map((user) => days.rig.shown(user).xiaomi)).toEqual([1, 1]);
});

test('a vendor that says its day is used up is asked no more, by any container, until its midnight', async () => {
  days.rig.simulators.xiaomi.control({ dailyQuota: 0 });
  const [one, other] = [days.rig.container(), days.rig.container()];
  const [[first = ''], job] = await someUsers(1);
  const [[second = ''], next] = await someUsers(1);

  const [firstWay] = await days.rig.deliver(one, job);
  const [secondWay] = await days.rig.deliver(other, next);

  expect([firstWay, secondWay]).toMatchObject(Array(2).fill({ job: { vendor: 'oppo' } }));
  expect(days.rig.simulators.xiaomi.counters().requests).toBe(1);
  expect(days.rig.told).toContain('QuotaPauses');
  expect(await days.rig.resultsOf(job)).toMatchObject([
    { accountId: first, status: 'other-channel', text: expect.stringContaining('200001') },
  ]);
  expect(await statusesOf(next)).toEqual([[second, 'other-channel', 'quota-daily']]);

  days.rig.simulators.xiaomi.control({ dailyQuota: null });
  days.rig.clock.at += 8 * HOUR_MS + MINUTE_MS;
  const [[third = ''], last] = await someUsers(1);
  await days.rig.deliver(other, last);
  expect(days.rig.shown(third).xiaomi).toBe(1);
});

test('only the class is paused that the vendor spoke of', async () => {
  days.rig.simulators.xiaomi.control({ dailyQuota: 0 });
  const quotaClassOf = () => 'private';
  const [, job] = await someUsers(1);
  const [[user = ''], chat] = await someUsers(1);
  await days.rig.deliver(days.rig.container(), job);
  days.rig.simulators.xiaomi.control({ dailyQuota: null });

  await days.rig.deliver(days.rig.container({ quotaClassOf }), chat);

  expect(days.rig.shown(user).xiaomi).toBe(1);
});

test('a device gets its share of a day and then nothing; others get theirs', async () => {
  await days.rig.limit('xiaomi', { perDeviceDaily: { default: 1 } });
  await days.rig.whenUsedUp('drop');
  const [[user = '', other = '']] = await someUsers(2);
  const container = days.rig.container();
  await days.rig.deliver(container, days.rig.job(user));
  const [push] = days.rig.job(user, other).pushes;
  const second = {
    ...days.rig.job(user, other),
    pushes: [{ ...push, messageId: 'message-2' }] as const,
  };

  await days.rig.deliver(container, second);

  expect(await statusesOf(second)).toEqual([
    [other, 'accepted', undefined],
    [user, 'quota', 'quota-device'],
  ]);
  expect(days.rig.told).toContain('QuotaDrops');
});

test('what the vendor does not take is given back', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 }, perDeviceDaily: { default: 1 } });
  await days.rig.whenUsedUp('drop');
  const container = days.rig.container();
  const [[user = ''], job] = await someUsers(1);
  days.rig.simulators.xiaomi.control({ failNext: 1, code: 10017 });

  await days.rig.deliver(container, { ...job, jobId: `${job.jobId}-refused` });
  await days.rig.deliver(container, job);

  expect(days.rig.shown(user).xiaomi).toBe(1);
});

test('a push that found no quota with two vendors is dropped, and never comes back to the first', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
  await days.rig.limit('oppo', { dailyTotals: { 'communication-and-service': 0 } });
  const [[user], job] = await someUsers(1);
  const [other] = await days.rig.deliver(days.rig.container(), job);
  if (other === undefined) throw new Error('nothing went another way');

  expect(await days.rig.deliver(days.rig.oppoContainer(), other.job)).toEqual([]);
  expect(await statusesOf(job)).toEqual([
    [user, 'other-channel', 'quota-daily'],
    [user, 'quota', 'quota-daily'],
  ]);
});

test('a crash before the end is told sends nothing twice', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
  const [[user = ''], job] = await someUsers(1);
  const container = days.rig.container();
  const settle = () => Promise.reject(new Error('crashed'));

  const [first] = await days.rig.deliver(
    { ...container, jobs: { ...container.jobs, settle } },
    job,
  );
  days.rig.clock.at += MINUTE_MS;
  const [second] = await days.rig.deliver(days.rig.container(), job);
  for (const one of [first, second]) {
    if (one !== undefined) await days.rig.deliver(days.rig.oppoContainer(), one.job);
  }

  expect(second?.job.jobId).toBe(first?.job.jobId);
  expect(days.rig.shown(user)).toEqual({ xiaomi: 0, oppo: 1 });
  expect(days.rig.simulators.phones.look(oppoTokenOf(user)).arrivals).toHaveLength(1);
});

test('a device that is pushed to too often waits for its next minute, while others go on', async () => {
  const [[busy = '', other = '']] = await someUsers(2);
  const vendor = withDeviceRates({ limit: 3, seconds: 60 });
  const put = [];
  for (let message = 0; message < 5; message += 1) {
    const [push] = days.rig.job(busy, other).pushes;
    const targets = message < 4 ? push.targets.slice(0, 1) : push.targets;
    const [target, ...more] = targets;
    if (target === undefined) throw new Error('no target');
    const pushes = [{ ...push, targets: [target, ...more] }] as const;
    const job = { ...days.rig.job(busy), jobId: `${busy}-${message}`, pushes };
    put.push(...(await days.rig.deliver(days.rig.container({ vendor }), job)));
  }

  expect(days.rig.simulators.phones.look(busy).arrivals).toHaveLength(3);
  expect(days.rig.simulators.phones.look(other).arrivals).toHaveLength(1);
  expect(put).toHaveLength(2);
  const minuteEnds = (Math.floor(days.rig.clock.at / MINUTE_MS) + 1) * MINUTE_MS;
  for (const { job } of put) {
    expect(job.pushes[0].targets).toEqual([
      expect.objectContaining({ accountId: busy, notBefore: minuteEnds }),
    ]);
  }
});

test('where there is no quota to count, nothing is asked but for a pause, once a minute', async () => {
  const container = days.rig.container();
  const jobs: PushJob[] = [];
  for (let job = 0; job < 5; job += 1) jobs.push((await someUsers(1))[1]);

  const calls = await days.rig.aws.wire.watch(async () => {
    for (const job of jobs) await days.rig.deliver(container, job);
  });

  const quotaCalls = calls.filter(({ body }) => JSON.stringify(body).includes('quota/'));
  expect(quotaCalls.map(({ operation }) => operation)).toEqual(['GetItem']);
});
