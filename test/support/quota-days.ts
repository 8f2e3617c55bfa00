import type { PushJob } from '../../lib/model/push-job';
import type { DeviceRate, VendorQuotas } from '../../lib/model/quota';
import { DAY_MS } from '../../lib/model/time';
import type { Vendor } from '../../lib/vendors/vendor';
import { xiaomi } from '../../lib/vendors/xiaomi';
import { NOW } from './builders';
import { type QuotaRig, startQuotaRig } from './quota-rig';

/** A rig for the tests of a file, and what they share. */
export interface QuotaDays {
  readonly rig: QuotaRig;
  /** Users with a phone each, and a job to all of them. */
  someUsers(count: number): Promise<[string[], PushJob]>;
  /** What became of a job's targets: account, status and code. */
  statusesOf(job: PushJob): Promise<unknown[]>;
}

/** Starts a rig before all tests of a file, with no limits and another day for each of them; to be called at its top. */
export function useQuotaDays(): QuotaDays {
  let rig: QuotaRig;
  let [days, users] = [0, 0];
  beforeAll(async () => {
    rig = await startQuotaRig();
  });
  beforeEach(async () => {
    // 16:00 in China
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
  return {
    get rig() {
      return rig;
    },
    async someUsers(count) {
      const [first = '', ...rest] = Array.from({ length: count }, () => `user-${users++}`);
      await rig.phones(first, ...rest);
      return [[first, ...rest], rig.job(first, ...rest)];
    },
    async statusesOf(job) {
      const results = await rig.resultsOf(job);
      return results.map(({ accountId, status, code }) => [accountId, status, code]);
    },
  };
}

/** Xiaomi, if it said how fast a device may be pushed to. */
export function withDeviceRates(...deviceRates: DeviceRate[]): Vendor {
  const source = { source: 'https://vendor.example.com', checkedOn: '2026-11-24' };
  const classes = { default: { ...source, deviceRates } };
  const quotas: VendorQuotas = { timeZone: 'Asia/Shanghai', counts: 'requests', classes };
  return { ...xiaomi, limits: { ...xiaomi.limits, quotas } };
}
