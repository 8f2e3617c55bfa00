import fc from 'fast-check';
import { FORGETTABLE_PER_HOUR, isMassFailure } from '../../lib/rules/mass-failure';

test('a few dead tokens are believed, whatever else is going on', () => {
  expect(isMassFailure({ accepted: 0, invalid: 50 }, FORGETTABLE_PER_HOUR)).toBe(false);
});

test('many are doubted when hardly anything is accepted', () => {
  expect(isMassFailure({ accepted: 0, invalid: 51 }, 51)).toBe(true);
  expect(isMassFailure({ accepted: 19, invalid: 81 }, 81)).toBe(true);
});

test('many are believed while a fifth is accepted: that is a clean-up', () => {
  expect(isMassFailure({ accepted: 20, invalid: 80 }, 5_000)).toBe(false);
});

test('more accepted never makes a loss more doubtful', () => {
  const counts = fc.nat(500);
  fc.assert(
    fc.property(counts, counts, counts, fc.nat(100), (accepted, invalid, lost, more) => {
      const before = isMassFailure({ accepted, invalid }, lost);
      const after = isMassFailure({ accepted: accepted + more, invalid }, lost);
      expect(!before && after).toBe(false);
    }),
  );
});
