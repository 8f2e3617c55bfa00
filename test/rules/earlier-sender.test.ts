import { MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { earlierSender, mayHaveArrived } from '../../lib/rules/earlier-sender';
import { aTarget, NOW } from '../support/builders';

const LEASE_MS = 40_000;
const SHANGHAI = 'Asia/Shanghai';
/** In China, eight hours after NOW. */
const MIDNIGHT = NOW + 8 * 60 * MINUTE_MS;

const began = (at: number) => earlierSender(at + LEASE_MS, LEASE_MS, SHANGHAI);

test('an earlier sender had begun when its claim did, by whatever clock', () => {
  expect(began(NOW)).toEqual({ beganAt: NOW - SECOND_MS, day: '2027-01-15' });
});

test('one that may have begun before midnight took nothing of the new day, as far as is known', () => {
  expect(began(MIDNIGHT + SECOND_MS - 1).day).toBe('2027-01-15');
  expect(began(MIDNIGHT + SECOND_MS).day).toBe('2027-01-16');
});

test('what it had may have arrived: counted on its day, or on a later one that is known', () => {
  const earlier = began(NOW);

  expect(mayHaveArrived(aTarget(), earlier)).toEqual(aTarget({ counted: '2027-01-15' }));
  for (const [counted, known] of [
    ['2027-01-14', '2027-01-15'],
    ['2027-01-15', '2027-01-15'],
    ['2027-01-16', '2027-01-16'],
  ] as const) {
    expect(mayHaveArrived(aTarget({ counted }), earlier).counted).toBe(known);
  }
});

test('without an earlier sender nothing is known to have arrived', () => {
  const target = aTarget();

  expect(mayHaveArrived(target, undefined)).toBe(target);
});
