import fc from 'fast-check';
import { MINUTE_MS } from '../../lib/model/time';
import { isDoNotDisturb } from '../../lib/rules/do-not-disturb';
import { NOW } from '../support/builders';

const hhmm = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });
const moment = fc.integer({
  min: Date.parse('2000-01-01T00:00:00Z'),
  max: Date.parse('2035-12-31T00:00:00Z'),
});
const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));

/** Zones whose rules are written down here: offset in minutes, and when it is an hour more, in UTC. */
const WRITTEN_DOWN: readonly [string, number, readonly [string, string]][] = [
  ['Asia/Shanghai', 480, ['2025-01-01T00:00Z', '2025-01-01T00:00Z']],
  ['Asia/Kolkata', 330, ['2025-01-01T00:00Z', '2025-01-01T00:00Z']],
  ['Europe/Berlin', 60, ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
  ['America/New_York', -300, ['2025-03-09T07:00Z', '2025-11-02T06:00Z']],
  ['America/St_Johns', -210, ['2025-03-09T05:30Z', '2025-11-02T04:30Z']],
];

test.each(WRITTEN_DOWN)(
  'in %s the window follows the clocks, over the changes of summer time',
  (timeZone, offset, [begins, ends]) => {
    const hour = 60;
    const day = 24 * hour;
    const around = (at: string) =>
      fc.integer({ min: -36 * hour, max: 36 * hour }).map((by) => Date.parse(at) + by * MINUTE_MS);
    const inYear = fc.integer({
      min: Date.parse('2025-01-02T00:00Z'),
      max: Date.parse('2025-12-30T00:00Z'),
    });
    fc.assert(
      fc.property(
        fc
          .oneof(around(begins), around(ends), inYear)
          .filter((at) => at > Date.parse('2025-01-02T00:00Z')),
        minuteOfDay,
        minuteOfDay,
        (now, from, to) => {
          const isSummer = now >= Date.parse(begins) && now < Date.parse(ends);
          const utc = Math.floor(now / MINUTE_MS) % day;
          const minute = (utc + offset + (isSummer ? hour : 0) + day) % day;
          const length = (to - from + day) % day;
          const expected = from === to ? from !== 0 : (minute - from + day) % day < length;

          const window = { from: hhmm(from), to: hhmm(to) };
          expect(isDoNotDisturb({ window }, timeZone, now)).toBe(expected);
          expect(isDoNotDisturb({ window: { ...window, timeZone } }, 'UTC', now)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  },
);

test('a window and the one from its end to its begin make up the day, in every time zone', () => {
  fc.assert(
    fc.property(zones, moment, minuteOfDay, minuteOfDay, (timeZone, now, a, b) => {
      fc.pre(a !== b);
      const one = { window: { from: hhmm(a), to: hhmm(b) } };
      const other = { window: { from: hhmm(b), to: hhmm(a) } };

      expect(isDoNotDisturb(one, timeZone, now)).not.toBe(isDoNotDisturb(other, timeZone, now));
    }),
  );
});

test('a window with one time for begin and end is the whole day, but none at midnight', () => {
  fc.assert(
    fc.property(zones, moment, minuteOfDay, (timeZone, now, minute) => {
      const window = { from: hhmm(minute), to: hhmm(minute) };

      expect(isDoNotDisturb({ window }, timeZone, now)).toBe(minute !== 0);
    }),
  );
});

test.each([
  ['21:59', false],
  ['22:00', true],
  ['23:59', true],
  ['00:00', true],
  ['06:59', true],
  ['07:00', false],
])('overnight, from 22:00 to 07:00, %s is within: %s', (time, isWithin) => {
  const window = { from: '22:00', to: '07:00' };

  expect(isDoNotDisturb({ window }, 'UTC', Date.parse(`2027-01-15T${time}:30Z`))).toBe(isWithin);
});

test('once, it lasts until the time named, whatever the window', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: -1_000, max: 1_000 }), (now, ahead) => {
      const until = now + ahead;
      const off = { from: '00:00', to: '00:00' };
      const always = { from: '12:00', to: '12:00' };

      expect(isDoNotDisturb({ until }, 'UTC', now)).toBe(ahead > 0);
      expect(isDoNotDisturb({ until, window: off }, 'UTC', now)).toBe(ahead > 0);
      expect(isDoNotDisturb({ until, window: always }, 'UTC', now)).toBe(true);
    }),
  );
});

test('what nobody set disturbs nobody, and a zone that is none is UTC', () => {
  const at8 = { from: '08:00', to: '08:01' };

  expect(isDoNotDisturb(undefined, 'UTC', NOW)).toBe(false);
  expect(isDoNotDisturb({}, 'UTC', NOW)).toBe(false);
  expect(isDoNotDisturb({ window: at8 }, 'Asia/Nowhere', NOW)).toBe(true);
  expect(isDoNotDisturb({ window: { ...at8, timeZone: 'Mars' } }, 'Asia/Shanghai', NOW)).toBe(true);
});
