import fc from 'fast-check';
import { isSentFor } from '../../lib/rules/rollout';

const canary = (canaryPercent: number) => ({ mode: 'canary', canaryPercent }) as const;

test('live reaches everybody and shadow nobody, whatever the percentage', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 100 }), (accountId, canaryPercent) => {
      expect(isSentFor(accountId, { mode: 'live', canaryPercent })).toBe(true);
      expect(isSentFor(accountId, { mode: 'shadow', canaryPercent })).toBe(false);
    }),
  );
});

test('an account that is in stays in at every higher percentage', () => {
  const percent = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(fc.string(), percent, percent, (accountId, a, b) => {
      const [lower, higher] = [Math.min(a, b), Math.max(a, b)];

      expect(isSentFor(accountId, canary(lower)) && !isSentFor(accountId, canary(higher))).toBe(
        false,
      );
      expect(isSentFor(accountId, canary(0))).toBe(false);
      expect(isSentFor(accountId, canary(100))).toBe(true);
    }),
  );
});

test.each([
  ['numbers', (n: number) => String(n)],
  ['numbers of one length', (n: number) => String(10_000_000 + n)],
  ['words with a number', (n: number) => `user-${n}@example.com`],
  ['hexadecimal', (n: number) => (n * 2_654_435_761).toString(16).padStart(32, '0')],
])('of ten thousand ids that are %s, about as many are in as it says', (_name, idOf) => {
  const ids = Array.from({ length: 10_000 }, (_, n) => idOf(n));

  for (const percent of [1, 10, 25, 50, 90]) {
    const share = ids.filter((id) => isSentFor(id, canary(percent))).length / 100;
    expect(Math.abs(share - percent)).toBeLessThan(3);
  }
});
