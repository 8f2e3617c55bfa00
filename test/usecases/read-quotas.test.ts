import type { CertificateLimits } from '../../lib/model/app-settings';
import { MINUTE_MS } from '../../lib/model/time';
import type { VendorId } from '../../lib/model/vendor-id';
import { readQuotas } from '../../lib/usecases/read-quotas';
import { vendors } from '../../lib/vendors/registry';
import { aCertificateEntry, NOW } from '../support/builders';

const HOUR_MS = 60 * MINUTE_MS;

interface Known {
  readonly limits?: CertificateLimits;
  readonly now?: number;
  /** By class and day. */
  readonly used?: Readonly<Record<string, number>>;
  /** By class. */
  readonly paused?: Readonly<Record<string, number>>;
}

/** What is told of this vendor's certificate, and what was asked for. */
async function quotas(
  vendor: VendorId & keyof typeof vendors,
  { limits = {}, now = NOW, used = {}, paused = {} }: Known = {},
) {
  const asked: string[] = [];
  const entry = aCertificateEntry(vendor, { limits });
  const told = await readQuotas('app-1', entry, vendors[vendor], now, {
    async used({ quotaClass, ...of }, day) {
      expect(of).toEqual({ appKey: 'app-1', vendor, certificate: `${vendor}-cert` });
      asked.push(`${quotaClass} ${day}`);
      return used[`${quotaClass} ${day}`] ?? 0;
    },
    pausedUntil: async ({ quotaClass }) => paused[quotaClass],
  });
  return { told, asked };
}

test('a vendor without daily totals has none to tell of', async () => {
  expect(await quotas('apns')).toEqual({ told: [], asked: [] });
});

test('a published total counts unless the certificate states its own', async () => {
  const own = { dailyTotals: { test: 1_000 } };

  const { told: published } = await quotas('huawei', { used: { 'test 2027-01-15': 20 } });
  const { told: stated } = await quotas('huawei', {
    limits: own,
    used: { 'test 2027-01-15': 20 },
  });

  expect(published).toEqual([{ class: 'test', total: 500, used: 20, left: 480 }]);
  expect(stated).toEqual([{ class: 'test', total: 1_000, used: 20, left: 980 }]);
});

test('the day is the vendor’s: it ends at midnight in China', async () => {
  const limits = { dailyTotals: { system: 10 } };
  const used = { 'system 2027-01-15': 10, 'system 2027-01-16': 1 };

  const { told: before } = await quotas('vivo', { limits, used, now: NOW + 8 * HOUR_MS - 1 });
  const { told: after } = await quotas('vivo', { limits, used, now: NOW + 8 * HOUR_MS });

  expect(before).toEqual([{ class: 'system', total: 10, used: 10, left: 0 }]);
  expect(after).toEqual([{ class: 'system', total: 10, used: 1, left: 9 }]);
});

test('a total that was lowered below what is used leaves nothing, rather than less', async () => {
  const limits = { dailyTotals: { system: 5 } };

  const { told } = await quotas('vivo', { limits, used: { 'system 2027-01-15': 9 } });

  expect(told).toEqual([{ class: 'system', total: 5, used: 9, left: 0 }]);
});

test('a total that hangs on what only the vendor knows is not made up; its pause is told', async () => {
  const pausedUntil = NOW + HOUR_MS;

  expect(await quotas('vivo')).toEqual({ told: [], asked: [] });
  expect(await quotas('vivo', { paused: { operational: pausedUntil } })).toEqual({
    told: [{ class: 'operational', pausedUntil }],
    asked: [],
  });
});

test('a class that only the certificate names is told of as well', async () => {
  const { told } = await quotas('meizu', { limits: { dailyTotals: { own: 7 } } });

  expect(told).toEqual([{ class: 'own', total: 7, used: 0, left: 7 }]);
});
