import fc from 'fast-check';
import { requestSize } from '../../lib/rules/request-size';

test.each([
  [1_000, 6_000, 1_000],
  [1_000, 3_000, 1_000],
  [1_000, 2_999, 299],
  [1_000, 500, 50],
  [100, 250, 25],
  [100, 300, 100],
  [1_000, 20, 2],
  [1_000, 9, 1],
  [1_000, 0, 1],
  [1, 1, 1],
])('of at most %i a request counts, under %i a second, %i', (largest, perSecond, expected) => {
  expect(requestSize(largest, perSecond)).toBe(expected);
});

test('no request is empty, larger than a vendor takes, or more than a third of a limit that has three', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(20_000), (largest, perSecond) => {
      const size = requestSize(largest, perSecond);
      return size >= 1 && size <= largest && (size <= perSecond / 3 || size === 1);
    }),
  );
});
