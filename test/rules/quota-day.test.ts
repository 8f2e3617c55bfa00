import fc from 'fast-check';
import type { DailyWindow } from '../../lib/model/account';
import { DAY_MS, MINUTE_MS } from '../../lib/model/time';
import { isInWindow } from '../../lib/rules/do-not-disturb';
import { daysBetween, nextDayAt, openingAt, pauseEndsAt } from '../../lib/rules/quota-day';
import { dayIn } from '../../lib/rules/time-zone';
import { NOW } from '../support/builders';

const HOUR_MS = 60 * MINUTE_MS;
const at = (iso: string) => Date.parse(iso);

/** Without daylight saving, with it, with half an hour of it, and where it begins at midnight. */
const ZONES = [
  'Asia/Shanghai',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  '+08:00',
];
const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: at('2026-01-01'), max: at('2028-01-01') });

test.each([
  // NOW is 2027-01-15T08:00:00Z
  ['Asia/Shanghai', NOW, '2027-01-15T16:00:00.000Z'],
  ['UTC', NOW, '2027-01-16T00:00:00.000Z'],
  ['UTC', at('2027-01-15T23:59:59.999Z'), '2027-01-16T00:00:00.000Z'],
  ['UTC', at('2027-01-16T00:00:00Z'), '2027-01-17T00:00:00.000Z'],
  // the day has 23 hours, and 25
  ['America/New_York', at('2027-03-14T05:00:00Z'), '2027-03-15T04:00:00.000Z'],
  ['America/New_York', at('2027-11-07T04:00:00Z'), '2027-11-08T05:00:00.000Z'],
  // there is no midnight: the clocks go from 23:59 to 01:00
  ['America/Santiago', at('2027-09-04T12:00:00Z'), '2027-09-05T04:00:00.000Z'],
])('in %s the day of %d ends at %s', (timeZone, now, end) => {
  expect(new Date(nextDayAt(timeZone, now)).toISOString()).toBe(end);
});

test('a day ends within 25 hours, and every minute before is of the same day', () => {
  fc.assert(
    fc.property(zone, moment, (timeZone, now) => {
      const end = nextDayAt(timeZone, now);

      expect(end).toBeGreaterThan(now);
      expect(end - now).toBeLessThanOrEqual(25 * HOUR_MS);
      expect(dayIn(timeZone, end - 1)).toBe(dayIn(timeZone, now));
      expect(dayIn(timeZone, end)).not.toBe(dayIn(timeZone, now));
    }),
  );
});

test('a pause lasts until a minute past midnight; one that begins right after midnight is over with that minute', () => {
  const end = (refusedAt: string) => new Date(pauseEndsAt('UTC', at(refusedAt))).toISOString();

  expect(end('2027-01-15T08:00:00Z')).toBe('2027-01-16T00:01:00.000Z');
  expect(end('2027-01-15T23:59:59Z')).toBe('2027-01-16T00:01:00.000Z');
  expect(end('2027-01-16T00:00:30Z')).toBe('2027-01-16T00:01:00.000Z');
  expect(end('2027-01-16T00:01:00Z')).toBe('2027-01-17T00:01:00.000Z');
});

describe('an opening', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const window: fc.Arbitrary<DailyWindow> = fc.record({ from: time, to: time });

  test('is now where nothing is closed, and the end of the hours where something is', () => {
    const night = { from: '23:00', to: '07:00' };

    expect(openingAt([night], 'Asia/Shanghai', NOW)).toBe(NOW);
    expect(openingAt([night], 'Asia/Shanghai', at('2027-01-15T15:30:12Z'))).toBe(
      at('2027-01-15T23:00:00Z'),
    );
  });

  test('is out of all the hours, and everything before it is in some', () => {
    fc.assert(
      fc.property(
        zone,
        moment,
        fc.array(window, { maxLength: 3 }),
        fc.integer({ min: 0, max: DAY_MS }),
        (timeZone, now, windows, later) => {
          const isClosed = (time: number) => windows.some((one) => isInWindow(one, timeZone, time));
          const opening = openingAt(windows, timeZone, now);
          const between = now + (later % ((opening ?? now + DAY_MS) - now || 1));

          if (opening !== undefined) expect(isClosed(opening)).toBe(false);
          if (opening !== now) expect(isClosed(between)).toBe(true);
        },
      ),
    );
  });
});

describe('the days on which something may be counted', () => {
  test('are one, and two where midnight, or a clock that is a minute ahead, may come first', () => {
    const midnight = at('2027-01-15T16:00:00Z');
    const [today, tomorrow] = ['2027-01-15', '2027-01-16'];
    const from = (sinceMs: number) =>
      daysBetween('Asia/Shanghai', midnight + sinceMs, midnight + sinceMs + 30_000);

    expect(from(-MINUTE_MS - 30_001)).toEqual([today]);
    expect(from(-MINUTE_MS - 30_000)).toEqual([today, tomorrow]);
    expect(from(-1)).toEqual([today, tomorrow]);
    expect(from(0)).toEqual([tomorrow]);
  });

  test('are all that there are in between, in order', () => {
    fc.assert(
      fc.property(
        zone,
        moment,
        fc.integer({ min: 0, max: HOUR_MS }),
        fc.integer({ min: 0, max: MINUTE_MS }),
        (timeZone, from, lastsMs, aheadMs) => {
          const days = daysBetween(timeZone, from, from + lastsMs);

          expect(days).toContain(dayIn(timeZone, from));
          expect(days).toContain(dayIn(timeZone, from + lastsMs));
          expect(days).toContain(dayIn(timeZone, from + lastsMs + aheadMs));
          expect(days).toEqual(days.toSorted());
        },
      ),
    );
  });
});
