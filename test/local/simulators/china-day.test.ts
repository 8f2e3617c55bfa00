import { chinaHour, DayCounts } from '../../../local/simulators/china-day';

const beforeMidnight = Date.UTC(2026, 0, 5, 15, 59, 59, 999);

test('hours and days are those of China', () => {
  expect([chinaHour(beforeMidnight), chinaHour(beforeMidnight + 1)]).toEqual([23, 0]);
  const counts = new DayCounts();
  counts.add('a', 2, beforeMidnight);
  expect(counts.count('a', beforeMidnight)).toBe(2);
  expect(counts.count('a', beforeMidnight + 1)).toBe(0);
});

test('each key has its own count and limit', () => {
  const counts = new DayCounts();
  counts.add('a', 2, 0);
  expect(counts.hasRoom('a', 1, 3, 0)).toBe(true);
  expect(counts.hasRoom('a', 2, 3, 0)).toBe(false);
  expect(counts.hasRoom('b', 3, 3, 0)).toBe(true);
  expect(counts.hasRoom('a', 1_000, undefined, 0)).toBe(true);
  counts.clear();
  expect(counts.count('a', 0)).toBe(0);
});
