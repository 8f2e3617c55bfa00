import type { PushJob } from '../../lib/model/push-job';
import type { DeviceRate } from '../../lib/model/quota';
import { MINUTE_MS } from '../../lib/model/time';
import type { Vendor } from '../../lib/vendors/vendor';
import { useQuotaDays, withDeviceRates } from '../support/quota-days';

const days = useQuotaDays();
const { someUsers } = days;

/** So few that every push is told to all containers. */
const HOURLY: DeviceRate = { limit: 3, seconds: 3600 };
const MINUTELY: DeviceRate = { limit: 1, seconds: 60 };

let pushes = 0;

/** Pushes to a user by a container of its own each; answers how many of them arrived. */
async function push(user: string, times: number, vendor: Vendor): Promise<number> {
  const before = arrivalsOf(user);
  for (let message = 0; message < times; message += 1) {
    const jobId = `${user}-${pushes++}`;
    await days.rig.deliver(days.rig.container({ vendor }), { ...days.rig.job(user), jobId });
  }
  return arrivalsOf(user) - before;
}

const arrivalsOf = (user: string) => days.rig.simulators.phones.look(user).arrivals.length;

test('what one rate of a device refuses is not counted in the others', async () => {
  const vendor = withDeviceRates(HOURLY, MINUTELY);
  const [[user = '']] = await someUsers(1);

  expect(await push(user, 4, vendor)).toBe(1);
  days.rig.clock.at += MINUTE_MS;
  expect(await push(user, 1, vendor)).toBe(1);
  days.rig.clock.at += MINUTE_MS;
  expect(await push(user, 1, vendor)).toBe(1);
  days.rig.clock.at += MINUTE_MS;
  expect(await push(user, 1, vendor)).toBe(0);
});

test.each([
  { what: 'the share of the device', limits: { perDeviceDaily: { default: 1 } } },
  { what: 'the total of the class', limits: { dailyTotals: { default: 1 } } },
])(
  'what $what leaves nothing for is not counted in the rates of the device',
  async ({ limits }) => {
    await days.rig.whenUsedUp('drop');
    const vendor = withDeviceRates(HOURLY);
    const [[user = '']] = await someUsers(1);
    await days.rig.limit('xiaomi', limits);

    expect(await push(user, 3, vendor)).toBe(1);

    await days.rig.limit('xiaomi', {});
    expect(await push(user, 3, vendor)).toBe(2);
  },
);

test('what may not have been given back is taken anew by the next send', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 } });
  const container = days.rig.container();
  const giveBack: typeof container.quotas.giveBack = async (...counted) => {
    await container.quotas.giveBack(...counted);
    throw new Error('the answer is lost');
  };
  const [, job] = await someUsers(1);
  days.rig.simulators.xiaomi.control({ failNext: 1, code: 200002 });

  const [next] = await days.rig.deliver(
    { ...container, quotas: { ...container.quotas, giveBack } },
    job,
  );

  const [target] = next?.job.pushes[0].targets ?? [];
  expect(target?.retries).toBe(1);
  expect(target).not.toHaveProperty('counted');
});

test('a job is sent though what others may not have cannot be given back', async () => {
  await days.rig.limit('xiaomi', { dailyTotals: { default: 1 }, perDeviceDaily: { default: 5 } });
  await days.rig.whenUsedUp('drop');
  const container = days.rig.container();
  const giveBack = () => Promise.reject(new Error('out of reach'));
  const [[first = ''], job]: [string[], PushJob] = await someUsers(2);

  await days.rig.deliver({ ...container, quotas: { ...container.quotas, giveBack } }, job);

  expect(days.rig.shown(first).xiaomi).toBe(1);
  expect(days.rig.told.join()).toContain('quota not given back');
});
