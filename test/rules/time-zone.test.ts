import { dayIn, isTimeZone, timeOfDay } from '../../lib/rules/time-zone';
import { NOW } from '../support/builders';

// NOW is 2027-01-15T08:00:00Z
test.each([
  ['UTC', '08:00'],
  ['Asia/Shanghai', '16:00'],
  ['America/St_Johns', '04:30'],
  ['Pacific/Kiritimati', '22:00'],
  ['+05:45', '13:45'],
])('the clocks of %s show %s', (timeZone, time) => {
  expect(isTimeZone(timeZone)).toBe(true);
  expect(timeOfDay(timeZone, NOW)).toBe(time);
});

test('midnight is 00:00, and seconds do not count', () => {
  expect(timeOfDay('UTC', NOW + 16 * 3_600_000 + 59_999)).toBe('00:00');
});

test.each(['', 'Asia/Nowhere', '__proto__', 'GMT+25:00', 'x'.repeat(64)])(
  'where there is no such zone (%s) it is UTC',
  (timeZone) => {
    expect(isTimeZone(timeZone)).toBe(false);
    expect(timeOfDay(timeZone, NOW)).toBe('08:00');
  },
);

test('any number of names that are none is answered', () => {
  const names = Array.from({ length: 1_100 }, (_, index) => `Nowhere/${index}`);

  expect(new Set(names.map((name) => timeOfDay(name, NOW)))).toEqual(new Set(['08:00']));
  expect(timeOfDay('Asia/Shanghai', NOW)).toBe('16:00');
});

test.each([
  ['UTC', '2027-01-15'],
  ['Pacific/Kiritimati', '2027-01-15'],
  ['Pacific/Pago_Pago', '2027-01-14'],
  ['Asia/Nowhere', '2027-01-15'],
])('the calendars of %s show %s', (timeZone, day) => {
  expect(dayIn(timeZone, NOW)).toBe(day);
});
