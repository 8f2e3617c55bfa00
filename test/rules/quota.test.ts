import fc from 'fast-check';
import type { QuotaRefusal, VendorQuotas } from '../../lib/model/quota';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { isInWindow } from '../../lib/rules/do-not-disturb';
import {
  isCounted,
  NIGHT,
  quotaOf,
  rateWindow,
  type WithoutQuotaStep,
  whenQuotaUsedUp,
} from '../../lib/rules/quota';
import { NOW } from '../support/builders';

const SOURCE = { source: 'https://vendor.example.com', checkedOn: '2026-11-24' };
const QUOTAS: VendorQuotas = {
  timeZone: 'Asia/Shanghai',
  counts: 'accepted',
  classes: {
    news: {
      ...SOURCE,
      dailyTotal: 10,
      perDeviceDaily: 2,
      quietHours: { from: '23:00', to: '07:00' },
    },
    chat: {
      ...SOURCE,
      dailyTotal: { perRegisteredDevice: 3 },
      perDeviceDaily: 1,
      onlyIfStated: true,
    },
  },
};

test('what is published holds', () => {
  expect(quotaOf(QUOTAS, 'news')).toEqual({
    dailyTotal: 10,
    perDeviceDaily: 2,
    quietHours: { from: '23:00', to: '07:00' },
    deviceRates: [],
  });
});

test('a total that hangs on the number of devices, and what needs a statement, hold once a certificate states them', () => {
  const stated = { dailyTotals: { chat: 300 }, perDeviceDaily: { chat: 20 } };

  expect(quotaOf(QUOTAS, 'chat')).toEqual({ deviceRates: [] });
  expect(quotaOf(QUOTAS, 'chat', stated)).toEqual({
    dailyTotal: 300,
    perDeviceDaily: 20,
    deviceRates: [],
  });
});

test('what a certificate states wins, for its class alone', () => {
  const quietHours = { news: { from: '00:00', to: '00:00' } };

  expect(quotaOf(QUOTAS, 'news', { perDeviceDaily: { news: 5 }, quietHours })).toMatchObject({
    perDeviceDaily: 5,
    dailyTotal: 10,
    quietHours: { from: '00:00', to: '00:00' },
  });
  expect(quotaOf(QUOTAS, 'news', { perDeviceDaily: { chat: 5 } })).toMatchObject({
    perDeviceDaily: 2,
  });
});

test('nothing holds for a class that nobody knows, whatever it is called', () => {
  expect(quotaOf(QUOTAS, 'constructor')).toEqual({ deviceRates: [] });
  expect(quotaOf(undefined, 'news')).toEqual({ deviceRates: [] });
});

test('windows of a burst never overflow a bucket that fills at its rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 200 }),
      (burst, refillSeconds, seconds) => {
        const { limit, seconds: length } = rateWindow({ burst, refillSeconds });
        const taken = new Map<number, number>();
        let level = burst;
        let last = 0;
        for (const second of seconds.toSorted((one, other) => one - other)) {
          const window = Math.floor(second / length);
          const own = (taken.get(window) ?? 0) + 1;
          if (own > limit) continue;
          taken.set(window, own);
          level = Math.min(burst, level + (second - last) / refillSeconds) - 1;
          last = second;
          expect(level).toBeGreaterThan(-0.001);
        }
      },
    ),
  );
});

const REASON = { code: '1', text: '' };
test.each<[SendOutcome, boolean, boolean]>([
  [{ kind: 'accepted' }, true, true],
  // it may have arrived
  [{ kind: 'unavailable', reason: REASON }, true, true],
  [{ kind: 'rejected', reason: REASON }, false, true],
  [{ kind: 'token-invalid', reason: REASON }, false, true],
  [{ kind: 'throttled', scope: 'second', reason: REASON }, false, false],
])(
  '%j is counted by who counts what it accepts: %s, requests: %s',
  (outcome, ofAccepted, ofRequests) => {
    expect(isCounted(outcome, 'accepted')).toBe(ofAccepted);
    expect(isCounted(outcome, 'requests')).toBe(ofRequests);
  },
);

describe('without quota', () => {
  // NOW is 16:00 in China
  const MIDNIGHT = NOW + 8 * 60 * MINUTE_MS;
  const SEVEN = MIDNIGHT + 7 * 60 * MINUTE_MS;
  const daily: QuotaRefusal = { code: 'quota-daily', text: '', until: MIDNIGHT };
  const brief: QuotaRefusal = { code: 'quota-device-rate', text: '', until: NOW + MINUTE_MS };
  const context = {
    quotaUsedUp: 'hold',
    isCall: false,
    hasOther: true,
    expiresAt: NOW + DAY_MS,
    timeZone: 'Asia/Shanghai',
  } as const;
  type Context = Parameters<typeof whenQuotaUsedUp>[1];

  test.each<[string, QuotaRefusal, Partial<Context>, WithoutQuotaStep]>([
    [
      'the app wants another channel',
      daily,
      { quotaUsedUp: 'other-channel' },
      { do: 'other-channel' },
    ],
    ['there is none', daily, { quotaUsedUp: 'other-channel', hasOther: false }, { do: 'drop' }],
    ['the app wants it dropped', daily, { quotaUsedUp: 'drop' }, { do: 'drop' }],
    ['the app wants it held: over midnight and the night', daily, {}, { do: 'hold', until: SEVEN }],
    ['it expires in that night', daily, { expiresAt: SEVEN }, { do: 'drop' }],
    ['a held call goes another way', daily, { isCall: true }, { do: 'other-channel' }],
    ['or nowhere', daily, { isCall: true, hasOther: false }, { do: 'drop' }],
    [
      'a device had too many in a minute',
      brief,
      { quotaUsedUp: 'drop' },
      { do: 'hold', until: brief.until },
    ],
    ['a call does not wait for a minute', brief, { isCall: true, hasOther: false }, { do: 'drop' }],
    [
      'the class opens after the night',
      daily,
      { quietHours: { from: '22:00', to: '09:00' } },
      { do: 'hold', until: SEVEN + 120 * MINUTE_MS },
    ],
    [
      'the class never opens',
      daily,
      { quietHours: { from: '01:00', to: '01:00' } },
      { do: 'drop' },
    ],
  ])('%s', (_case, refusal, changes, step) => {
    expect(whenQuotaUsedUp(refusal, { ...context, ...changes })).toEqual(step);
  });

  test('nothing is held beyond its life, released at night or before there is quota, and no call is held', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('other-channel' as const, 'drop' as const, 'hold' as const),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 3 * DAY_MS }),
        fc.integer({ min: 0, max: 2 * DAY_MS }),
        fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London'),
        (quotaUsedUp, isCall, hasOther, lifeMs, waitMs, timeZone) => {
          const refusal = { ...daily, until: NOW + waitMs };
          const expiresAt = NOW + lifeMs;
          const step = whenQuotaUsedUp(refusal, {
            ...{ quotaUsedUp, isCall, hasOther, expiresAt, timeZone },
          });

          if (step.do === 'other-channel') expect(hasOther).toBe(true);
          if (step.do !== 'hold') return;
          expect(isCall).toBe(false);
          expect(step.until).toBeLessThan(expiresAt);
          expect(step.until).toBeGreaterThanOrEqual(refusal.until);
          expect(isInWindow(NIGHT, timeZone, step.until)).toBe(false);
        },
      ),
    );
  });
});
