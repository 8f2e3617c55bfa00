import type { EpochMs } from '../model/time';

/** Making a formatter takes a thousand times longer than using one; names come from outside, so only so many are kept. */
const MOST_KEPT = 1_000;
const kept = new Map<string, Intl.DateTimeFormat | undefined>();
/** Made when it is used: the first formatter loads what takes a sixth of a function's start. */
let utc: Intl.DateTimeFormat | undefined;

/** Whether there is such a time zone: an IANA name (`Asia/Shanghai`) or an offset (`+08:00`). */
export function isTimeZone(name: string): boolean {
  return formatterOf(name) !== undefined;
}

/** `HH:mm`, 00:00 to 23:59, on the clocks of a time zone; of UTC where there is no such zone. */
export function timeOfDay(timeZone: string, at: EpochMs): string {
  utc ??= clockOf('UTC');
  return (formatterOf(timeZone) ?? utc).format(at);
}

/** `yyyy-mm-dd` on the calendars of a time zone; of UTC where there is no such zone. */
export function dayIn(timeZone: string, at: EpochMs): string {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    if (calendars.size >= MOST_KEPT) calendars.clear();
    calendar = calendarOf(isTimeZone(timeZone) ? timeZone : 'UTC');
    calendars.set(timeZone, calendar);
  }
  return calendar.format(at);
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/** The language whose dates are written so. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!kept.has(timeZone)) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(timeZone, makeFormatter(timeZone));
  }
  return kept.get(timeZone);
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return clockOf(timeZone);
  } catch {
    return undefined;
  }
}

/** Throws where there is no such time zone. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
