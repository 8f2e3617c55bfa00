import fc from 'fast-check';
import { backoffMs, MAX_BACKOFF_MS } from '../../lib/rules/backoff';

test.each([
  [0, 0, 500],
  [0, 1, 1_000],
  [3, 1, 8_000],
  [9, 1, 512_000],
  [10, 1, MAX_BACKOFF_MS],
  [10, 0, MAX_BACKOFF_MS / 2],
  [5_000, 1, MAX_BACKOFF_MS],
])('after %i retries with jitter %d it is %i ms', (retries, jitter, expected) => {
  expect(backoffMs(retries, jitter)).toBe(expected);
});

test('it is a whole number of at least half a second, at most 15 minutes, and never shrinks', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, noNaN: true }), (retries, jitter) => {
      const waitMs = backoffMs(retries, jitter);

      expect(Number.isInteger(waitMs)).toBe(true);
      expect(waitMs).toBeGreaterThanOrEqual(500);
      expect(waitMs).toBeLessThanOrEqual(15 * 60_000);
      expect(backoffMs(retries + 1, jitter)).toBeGreaterThanOrEqual(waitMs);
    }),
  );
});
