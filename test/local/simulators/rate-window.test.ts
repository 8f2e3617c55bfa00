import fc from 'fast-check';
import { RateWindow } from '../../../local/simulators/rate-window';

test('a request exactly one window after the first of a full window is admitted, 1 ms earlier is not', () => {
  const window = new RateWindow(2);
  expect([window.admit(0), window.admit(10), window.admit(999)]).toEqual([true, true, false]);
  expect(window.waitMs(999)).toBe(1);
  expect([window.admit(1_000), window.admit(1_009), window.admit(1_010)]).toEqual([
    true,
    false,
    true,
  ]);
});

test('the second does not begin anew at a full second: a burst over the edge is refused', () => {
  const window = new RateWindow(10);
  const burst = (from: number) => Array.from({ length: 10 }, (_, i) => window.admit(from + i));
  expect(burst(990).filter(Boolean)).toHaveLength(10);
  expect(burst(1_001).filter(Boolean)).toHaveLength(0);
  expect(window.maxSeen).toBe(20);
});

test('no window anywhere holds more than the limit, and every refusal was needed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 120 }),
      (limit, gaps) => {
        const window = new RateWindow(limit);
        const admitted: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const inWindow = admitted.filter((at) => at > now - 1_000).length;
          const isAdmitted = window.admit(now);
          expect(isAdmitted).toBe(inWindow < limit);
          if (isAdmitted) admitted.push(now);
        }
      },
    ),
  );
});

test('a long run keeps only one window in memory and still counts right', () => {
  const window = new RateWindow(5);
  let admitted = 0;
  for (let now = 0; now < 100_000; now += 5) if (window.admit(now)) admitted++;
  expect(admitted).toBe(500);
  expect(window.maxSeen).toBe(200);
});

test('a request of several units is admitted whole or not at all', () => {
  const window = new RateWindow(10);
  expect(window.admit(0, 6)).toBe(true);
  expect(window.admit(100, 5)).toBe(false);
  expect(window.waitMs(100, 5)).toBe(900);
  expect(window.admit(100, 4)).toBe(true);
  expect(window.admit(1_000, 6)).toBe(true);
  expect(window.maxSeen).toBe(15);
});
