import fc from 'fast-check';
import { WINDOW_MS } from '../../lib/rules/credit-pool';
import { createUsage } from '../../lib/rules/usage';

test('who has used nothing yet has used nothing', () => {
  expect(createUsage().inWindow(0)).toBe(0);
});

test('a window that has only begun does not hide what the last one used', () => {
  const usage = createUsage();
  usage.add(7, 0);
  usage.add(2, WINDOW_MS);

  expect(usage.inWindow(WINDOW_MS)).toBe(7);
});

test('a window that has already used more than the last one counts at once', () => {
  const usage = createUsage();
  usage.add(2, 0);
  usage.add(5, WINDOW_MS);
  usage.add(4, WINDOW_MS + 1);

  expect(usage.inWindow(WINDOW_MS + 1)).toBe(9);
});

test('what was used two windows ago is forgotten', () => {
  const usage = createUsage();
  usage.add(7, 0);

  expect(usage.inWindow(2 * WINDOW_MS - 1)).toBe(7);
  expect(usedAtOnce(7).inWindow(2 * WINDOW_MS)).toBe(0);
});

test('never more than was used in the last three windows, never less than the last use', () => {
  const uses = fc.array(
    fc.record({
      units: fc.integer({ min: 1, max: 50 }),
      afterMs: fc.integer({ max: 900, min: 0 }),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  );
  fc.assert(
    fc.property(uses, (all) => {
      const usage = createUsage();
      const past: { units: number; at: number }[] = [];
      let now = 0;
      for (const { units, afterMs } of all) {
        now += afterMs;
        usage.add(units, now);
        past.push({ units, at: now });
        const lately = past.filter(({ at }) => now - at < 3 * WINDOW_MS);
        const sum = lately.reduce((one, other) => one + other.units, 0);
        expect(usage.inWindow(now)).toBeLessThanOrEqual(sum);
        expect(usage.inWindow(now)).toBeGreaterThanOrEqual(units);
      }
    }),
  );
});

function usedAtOnce(units: number): ReturnType<typeof createUsage> {
  const usage = createUsage();
  usage.add(units, 0);
  return usage;
}
