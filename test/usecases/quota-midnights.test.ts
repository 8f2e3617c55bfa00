import { createQuotaReader } from '../../lib/aws/quota-reader';
import type { PushJob } from '../../lib/model/push-job';
import type { CountedClass } from '../../lib/model/quota';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { dayIn } from '../../lib/rules/time-zone';
import { useQuotaDays } from '../support/quota-days';

const TO_MIDNIGHT_MS = 8 * 60 * MINUTE_MS;

const days = useQuotaDays();
const { someUsers, statusesOf } = days;

let midnight: number;
beforeEach(async () => {
  await days.rig.whenUsedUp('drop');
  midnight = days.rig.clock.at + TO_MIDNIGHT_MS;
});

/** What is counted of Xiaomi's default class on the day that ends at midnight, and on the next. */
function used(): Promise<readonly number[]> {
  const of: CountedClass = {
    vendor: 'xiaomi',
    appKey: 'app-1',
    certificate: 'xiaomi-cert',
    quotaClass: 'default',
  };
  const reader = createQuotaReader(days.rig.aws.aside, 'flow');
  const moments = [midnight - DAY_MS / 2, midnight + DAY_MS / 2];
  return Promise.all(moments.map((at) => reader.used(of, dayIn('Asia/Shanghai', at))));
}

async function deliverOne(job?: PushJob): Promise<string> {
  const [[user = ''], own] = await someUsers(1);
  await days.rig.deliver(days.rig.container(), job ?? own);
  return user;
}

/** A job whose send may have arrived, as it comes back. */
async function sendUnheard(): Promise<readonly [string, PushJob]> {
  const [[user = ''], job] = await someUsers(1);
  days.rig.simulators.xiaomi.control({ dropAfterAccept: 1 });
  const [next] = await days.rig.deliver(days.rig.container(), job);
  if (next === undefined) throw new Error('nothing is left');
  return [user, next.job];
}

test('what may leave after midnight is counted on both days', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 }, perDeviceDaily: { default: 1 } });
  days.rig.clock.at = midnight - 10 * SECOND_MS;
  const first = await deliverOne();
  expect(await used()).toEqual([1, 1]);
  days.rig.clock.at = midnight + SECOND_MS;

  const second = await deliverOne();

  expect([first, second].map((user) => days.rig.shown(user).xiaomi)).toEqual([1, 0]);
});

test('a device has no more of a day, whichever day a push before midnight is counted on', async () => {
  await days.rig.limit('xiaomi', { perDeviceDaily: { default: 1 } });
  days.rig.clock.at = midnight - 10 * SECOND_MS;
  const [[user = ''], job] = await someUsers(1);
  await days.rig.deliver(days.rig.container(), job);
  days.rig.clock.at = midnight + SECOND_MS;
  const again = { ...days.rig.job(user), jobId: `${job.jobId}-again` };

  await days.rig.deliver(days.rig.container(), again);

  expect(await statusesOf(again)).toEqual([[user, 'quota', 'quota-device']]);
  expect(await statusesOf(job)).toEqual([[user, 'accepted', undefined]]);
});

test('during the day one write takes the quota of a job, and none gives any back', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 5 } });
  const [, job] = await someUsers(3);

  const calls = await days.rig.aws.wire.watch(() => days.rig.deliver(days.rig.container(), job));

  const writes = calls.filter(
    ({ operation, body }) =>
      operation === 'UpdateItem' && JSON.stringify(body).includes('quota/xiaomi'),
  );
  expect(writes).toHaveLength(1);
  expect(await used()).toEqual([3, 0]);
});

test('what is refused for the next day is not counted on this one', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
  days.rig.clock.at = midnight + SECOND_MS;
  await deliverOne();
  days.rig.clock.at = midnight - 10 * SECOND_MS;

  const user = await deliverOne();

  expect(days.rig.shown(user).xiaomi).toBe(0);
  expect(await used()).toEqual([0, 1]);
});

test('what a device has no more of on the next day is not counted on this one', async () => {
  await days.rig.limit('xiaomi', { perDeviceDaily: { default: 1 } });
  const [[user = '']] = await someUsers(1);
  const statuses: unknown[] = [];
  for (const sinceMs of [SECOND_MS, -10 * SECOND_MS, -5 * MINUTE_MS]) {
    days.rig.clock.at = midnight + sinceMs;
    const job = { ...days.rig.job(user), jobId: `${user}${sinceMs}` };
    await days.rig.deliver(days.rig.container(), job);
    statuses.push(...(await statusesOf(job)));
  }

  expect(statuses).toEqual([
    [user, 'accepted', undefined],
    [user, 'quota', 'quota-device'],
    [user, 'accepted', undefined],
  ]);
});

test('what the vendor refuses before midnight is given back on both days', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 5 }, perDeviceDaily: { default: 5 } });
  days.rig.clock.at = midnight - 10 * SECOND_MS;
  days.rig.simulators.xiaomi.control({ failNext: 1, code: 10017 });

  await deliverOne();

  expect(await used()).toEqual([0, 0]);
});

test('what may have arrived is counted on the next day once it may leave on that, and once only', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 5 } });
  days.rig.clock.at = midnight - 5 * MINUTE_MS;
  const [, job] = await sendUnheard();
  expect(await used()).toEqual([1, 0]);
  days.rig.clock.at = midnight - 10 * SECOND_MS;
  days.rig.simulators.xiaomi.control({ dropAfterAccept: 1 });

  const [again] = await days.rig.deliver(days.rig.container(), job);

  expect(await used()).toEqual([1, 1]);
  days.rig.clock.at = midnight + MINUTE_MS;
  await deliverOne(again?.job);
  expect(await used()).toEqual([1, 1]);
});

test('what may have arrived the day before goes no other way because the vendor takes no more today', async () => {
  await days.rig.whenUsedUp('other-channel');
  await days.rig.limit('xiaomi', { dailyTotals: { default: 5 } });
  days.rig.clock.at = midnight - 5 * MINUTE_MS;
  const [user, job] = await sendUnheard();
  days.rig.clock.at = midnight + 5 * MINUTE_MS;
  days.rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });

  const put = await days.rig.deliver(days.rig.container(), job);

  expect(put).toEqual([]);
  expect(days.rig.shown(user)).toEqual({ xiaomi: 1, oppo: 0 });
});
