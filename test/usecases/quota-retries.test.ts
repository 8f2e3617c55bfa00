import type { PushJob } from '../../lib/model/push-job';
import { DAY_MS } from '../../lib/model/time';
import { NOW } from '../support/builders';
import { type QuotaRig, startQuotaRig } from '../support/quota-rig';

let rig: QuotaRig;
let days = 0;
beforeAll(async () => {
  rig = await startQuotaRig();
  await rig.whenUsedUp('other-channel');
});
beforeEach(() => {
  // 16:00 in China, each time of another day
  rig.clock.at = NOW + 2 * days++ * DAY_MS;
  rig.told.length = 0;
});
afterEach(() => rig.simulators.xiaomi.reset());
afterAll(() => rig.close());

/** Delivers a job and all that comes back of it, each when its time has come; answers how often it was tried. */
async function deliverToTheEnd(first: PushJob): Promise<number> {
  let tries = 0;
  for (let job: PushJob | undefined = first; job !== undefined && tries < 10; tries++) {
    const left = await rig.deliver(rig.container(), job);
    job = left.map((one) => one.job).find(({ vendor }) => vendor === first.vendor);
    const times = job?.pushes.flatMap(({ targets }) => targets.map((one) => one.notBefore ?? 0));
    rig.clock.at = Math.max(rig.clock.at, ...(times ?? []));
  }
  return tries;
}

test('a push that is tried again needs no more quota than one', async () => {
  await rig.limit('xiaomi', { dailyTotals: { default: 1 }, perDeviceDaily: { default: 1 } });
  await rig.phones('patient');
  rig.simulators.xiaomi.control({ failNext: 2 });

  const tries = await deliverToTheEnd(rig.job('patient'));

  expect(tries).toBe(3);
  expect(rig.shown('patient')).toEqual({ xiaomi: 1, oppo: 0 });
});

test('what the vendor may have shown goes no other way, though the day is used up', async () => {
  await rig.limit('xiaomi', { dailyTotals: { default: 1 } });
  await rig.phones('once');
  rig.simulators.xiaomi.control({ dropAfterAccept: 1 });
  const [next] = await rig.deliver(rig.container(), rig.job('once'));
  if (next === undefined) throw new Error('nothing is left');
  const [target] = next.job.pushes[0].targets;
  rig.clock.at = target.notBefore ?? rig.clock.at;
  rig.simulators.xiaomi.control({ failNext: 1, code: 200001 });

  await rig.deliver(rig.container(), next.job);

  const ends = await rig.resultsOf(next.job);
  expect(ends.map(({ status }) => status)).toContain('quota');
  expect(rig.shown('once')).toEqual({ xiaomi: 1, oppo: 0 });
});

test('targets that failed together come back as one push', async () => {
  await rig.limit('xiaomi', {});
  const users = Array.from({ length: 20 }, (_, index) => `together-${index}`);
  await rig.phones('together', ...users);
  rig.simulators.xiaomi.control({ failNext: 3 });
  let job = rig.job('together', ...users);
  for (let tries = 0; tries < 3; tries++) {
    const [next] = await rig.deliver(rig.container(), JSON.parse(JSON.stringify(job)));
    if (next === undefined) throw new Error('nothing is left');
    job = next.job;
    rig.clock.at = Math.max(
      ...job.pushes.flatMap(({ targets }) => targets.map((one) => one.notBefore ?? 0)),
    );
  }

  expect(job.pushes).toHaveLength(1);
  expect(job.pushes[0].targets).toHaveLength(21);
});

test('a count that cannot be given back keeps nothing from being told', async () => {
  await rig.limit('xiaomi', { dailyTotals: { default: 5 } });
  await rig.phones('well', 'refused');
  const container = rig.container();
  const quotas = { ...container.quotas, giveBack: () => Promise.reject(new Error('out of reach')) };
  rig.simulators.xiaomi.control({ deadTokens: ['refused'] });
  const job = rig.job('well', 'refused');

  const left = await rig.deliver({ ...container, quotas }, job);
  await rig.deliver(rig.container(), job);

  expect(left).toEqual([]);
  expect(rig.simulators.phones.look('well').arrivals).toHaveLength(1);
});
