import type { PushJob } from '../../lib/model/push-job';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { NOW } from '../support/builders';
import { type QuotaRig, startQuotaRig } from '../support/quota-rig';

const HOUR_MS = 60 * MINUTE_MS;

let rig: QuotaRig;

beforeAll(async () => {
  rig = await startQuotaRig();
});
let days = 0;
beforeEach(async () => {
  // 16:00 in China, each time of another day
  rig.clock.at = NOW + 2 * days++ * DAY_MS;
  rig.told.length = 0;
  await rig.limit('xiaomi', {});
  await rig.limit('oppo', {});
  await rig.whenUsedUp('other-channel');
});
afterEach(() => {
  rig.simulators.xiaomi.reset();
  rig.simulators.oppo.reset();
});
afterAll(() => rig.close());

let users = 0;
/** Users with a phone each, and a job to all of them. */
async function someUsers(count: number): Promise<[string[], PushJob]> {
  const [first = '', ...rest] = Array.from({ length: count }, () => `user-${users++}`);
  await rig.phones(first, ...rest);
  return [[first, ...rest], rig.job(first, ...rest)];
}

function asCall(job: PushJob): PushJob {
  const [push] = job.pushes;
  const notification = { ...push.notification, messageClass: 'call' };
  return { ...job, pushes: [{ ...push, notification }] };
}

const statusesOf = async (job: PushJob) =>
  (await rig.resultsOf(job)).map(({ accountId, status, code }) => [accountId, status, code]);

describe('what is held', () => {
  test('waits in the queue until there is quota and the night is over, then is sent', async () => {
    await rig.limit('xiaomi', { dailyTotals: { default: 1 } });
    await rig.whenUsedUp('hold');
    const [all, stored] = await someUsers(2);
    const [push] = stored.pushes;
    const expiresAt = rig.clock.at + 24 * HOUR_MS;
    const job = { ...stored, pushes: [{ ...push, expiresAt }] as const };

    const [held] = await rig.deliver(rig.container(), job);
    if (held === undefined) throw new Error('nothing is held');

    // from 16:00 over midnight to 7:00
    const sevenOClock = rig.clock.at + 15 * HOUR_MS;
    expect(held).toMatchObject({ delaySeconds: 900, job: { vendor: 'xiaomi', generation: 1 } });
    expect(held.job.pushes[0].targets).toEqual([
      expect.objectContaining({ accountId: all[1], notBefore: sevenOClock }),
    ]);
    expect(rig.told).toContain('QuotaHolds');
    rig.clock.at += 10 * HOUR_MS;
    const [again] = await rig.deliver(rig.container(), held.job);
    expect(rig.shown(all[1] ?? '').xiaomi).toBe(0);
    rig.clock.at = sevenOClock;
    await rig.deliver(rig.container(), again?.job ?? held.job);
    expect(rig.shown(all[1] ?? '').xiaomi).toBe(1);
  });

  test('is dropped at once where it would expire before', async () => {
    await rig.limit('xiaomi', { dailyTotals: { default: 0 } });
    await rig.whenUsedUp('hold');
    const [[user], job] = await someUsers(1);

    expect(await rig.deliver(rig.container(), job)).toEqual([]);
    expect(await statusesOf(job)).toEqual([[user, 'quota', 'quota-daily']]);
  });

  test('is never a call: that goes another way', async () => {
    await rig.limit('xiaomi', { dailyTotals: { default: 0 } });
    await rig.whenUsedUp('hold');
    const [, job] = await someUsers(1);

    const [put] = await rig.deliver(rig.container(), asCall(job));

    expect(put).toMatchObject({ delaySeconds: 0, job: { vendor: 'oppo' } });
  });
});

test('outside of the hours of its class nothing is sent', async () => {
  // it is 16:00 in China
  const quietHours = { default: { from: '15:00', to: '17:30' } };
  await rig.limit('xiaomi', { quietHours });
  await rig.whenUsedUp('hold');
  const [[user = ''], stored] = await someUsers(1);
  const [push] = stored.pushes;
  const expiresAt = rig.clock.at + 2 * HOUR_MS;
  const job = { ...stored, pushes: [{ ...push, expiresAt }] as const };

  const [held] = await rig.deliver(rig.container(), job);

  expect(held?.job.pushes[0].targets[0]).toMatchObject({ notBefore: rig.clock.at + 1.5 * HOUR_MS });
  expect(rig.shown(user)).toEqual({ xiaomi: 0, oppo: 0 });
  expect(await statusesOf(job)).toEqual([[user, 'throttled', 'quiet-hours']]);
});
