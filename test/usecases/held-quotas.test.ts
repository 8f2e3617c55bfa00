import type { PushJob } from '../../lib/model/push-job';
import { MINUTE_MS } from '../../lib/model/time';
import { useQuotaDays } from '../support/quota-days';

const HOUR_MS = 60 * MINUTE_MS;

const days = useQuotaDays();
const { someUsers, statusesOf } = days;

function asCall(job: PushJob): PushJob {
  const [push] = job.pushes;
  const notification = { ...push.notification, messageClass: 'call' };
  return { ...job, pushes: [{ ...push, notification }] };
}

describe('what is held', () => {
  test('waits in the queue until there is quota and the night is over, then is sent', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    await days.rig.whenUsedUp('hold');
    const [all, stored] = await someUsers(2);
    const [push] = stored.pushes;
    const expiresAt = days.rig.clock.at + 24 * HOUR_MS;
    const job = { ...stored, pushes: [{ ...push, expiresAt }] as const };

    const [held] = await days.rig.deliver(days.rig.container(), job);
    if (held === undefined) throw new Error('nothing is held');

    // from 16:00 over midnight to 7:00
    const sevenOClock = days.rig.clock.at + 15 * HOUR_MS;
    expect(held).toMatchObject({ delaySeconds: 900, job: { vendor: 'xiaomi', generation: 1 } });
    expect(held.job.pushes[0].targets).toEqual([
      expect.objectContaining({ accountId: all[1], notBefore: sevenOClock }),
    ]);
    expect(days.rig.told).toContain('QuotaHolds');
    days.rig.clock.at += 10 * HOUR_MS;
    const [again] = await days.rig.deliver(days.rig.container(), held.job);
    expect(days.rig.shown(all[1] ?? '').xiaomi).toBe(0);
    days.rig.clock.at = sevenOClock;
    await days.rig.deliver(days.rig.container(), again?.job ?? held.job);
    expect(days.rig.shown(all[1] ?? '').xiaomi).toBe(1);
  });

  test('is dropped at once where it would expire before', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
    await days.rig.whenUsedUp('hold');
    const [[user], job] = await someUsers(1);

    expect(await days.rig.deliver(days.rig.container(), job)).toEqual([]);
    expect(await statusesOf(job)).toEqual([[user, 'quota', 'quota-daily']]);
  });

  test('is never a call: that goes another way', async () => {
    await days.rig.limit('xiaomi', { dailyTotals: { default: 0 } });
    await days.rig.whenUsedUp('hold');
    const [, job] = await someUsers(1);

    const [put] = await days.rig.deliver(days.rig.container(), asCall(job));

    expect(put).toMatchObject({ delaySeconds: 0, job: { vendor: 'oppo' } });
  });
});

test('outside of the hours of its class nothing is sent', async () => {
  // it is 16:00 in China
  const quietHours = { default: { from: '15:00', to: '17:30' } };
  await days.rig.limit('xiaomi', { quietHours });
  await days.rig.whenUsedUp('hold');
  const [[user = ''], stored] = await someUsers(1);
  const [push] = stored.pushes;
  const expiresAt = days.rig.clock.at + 2 * HOUR_MS;
  const job = { ...stored, pushes: [{ ...push, expiresAt }] as const };

  const [held] = await days.rig.deliver(days.rig.container(), job);

  expect(held?.job.pushes[0].targets[0]).toMatchObject({
    notBefore: days.rig.clock.at + 1.5 * HOUR_MS,
  });
  expect(days.rig.shown(user)).toEqual({ xiaomi: 0, oppo: 0 });
  expect(await statusesOf(job)).toEqual([[user, 'throttled', 'quiet-hours']]);
});
