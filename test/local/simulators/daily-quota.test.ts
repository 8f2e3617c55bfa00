import { DailyQuota } from '../../../local/simulators/daily-quota';

test('the day begins at midnight in China', () => {
  const quota = new DailyQuota(2);
  const beforeMidnight = Date.UTC(2026, 0, 5, 15, 59, 59, 999);
  quota.add(2, beforeMidnight);
  expect(quota.isUsedUp(beforeMidnight)).toBe(true);
  expect(quota.isUsedUp(beforeMidnight + 1)).toBe(false);
  expect(quota.delivered(beforeMidnight + 1)).toBe(0);
});

test('without a total there is no end', () => {
  const quota = new DailyQuota(undefined);
  quota.add(1_000_000, 0);
  expect(quota.isUsedUp(0)).toBe(false);
});
