import { RateWindows } from '../../../local/simulators/rate-windows';

test('each key has its own window, and the limit may change', () => {
  const windows = new RateWindows(1_000);
  expect([1, 2, 3].map((at) => windows.admit('a', 2, at))).toEqual([true, true, false]);
  expect(windows.admit('b', 2, 3)).toBe(true);
  expect(windows.admit('a', 3, 4)).toBe(true);
  expect(windows.admit('a', 3, 1_000)).toBe(false);
  expect(windows.admit('a', 3, 1_001)).toBe(true);
});

test('without a limit all are admitted and none is counted', () => {
  const windows = new RateWindows(1_000);
  expect(windows.admit('a', undefined, 1)).toBe(true);
  expect(windows.admit('a', 1, 2)).toBe(true);
  expect(windows.admit('a', 1, 3)).toBe(false);
  windows.clear();
  expect(windows.admit('a', 1, 4)).toBe(true);
});
