import type { DailyWindow } from '../model/account';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../model/time';
import { isInWindow } from './do-not-disturb';
import { dayIn } from './time-zone';

const HOUR_MS = 60 * MINUTE_MS;

/** When the next day begins in a time zone: at midnight, or where there is none that day, when the clocks are set. */
export function nextDayAt(timeZone: string, at: EpochMs): EpochMs {
  const today = dayIn(timeZone, at);
  let later = at;
  while (dayIn(timeZone, later) === today) later += HOUR_MS;
  let start = minuteOf(later);
  while (dayIn(timeZone, start - MINUTE_MS) !== today) start -= MINUTE_MS;
  return start;
}

/** Clocks of the vendor and ours may differ by so much. */
const CLOCKS_APART_MS = MINUTE_MS;

/**
 * When a class of which the vendor said at `refusedAt` that today's quota is used up may be tried again. What was refused right
 * after our midnight may have been refused before the vendor's: one more minute is no loss, one more day would be.
 */
export function pauseEndsAt(timeZone: string, refusedAt: EpochMs): EpochMs {
  return nextDayAt(timeZone, refusedAt - CLOCKS_APART_MS) + CLOCKS_APART_MS;
}

/** The days on which a vendor may count what is sent between two moments, its clock being ahead: mostly one. */
export function daysBetween(timeZone: string, from: EpochMs, to: EpochMs): readonly string[] {
  return [...new Set([dayIn(timeZone, from), dayIn(timeZone, to + CLOCKS_APART_MS)])];
}

/** Parts of a day come round within so long. */
const MOST_AHEAD_MS = 2 * DAY_MS;

/** The first moment from `from` on that is in none of the windows; undefined if none is within two days. */
export function openingAt(
  windows: readonly DailyWindow[],
  timeZone: string,
  from: EpochMs,
): EpochMs | undefined {
  for (let at = from; at < from + MOST_AHEAD_MS; at = minuteOf(at) + MINUTE_MS) {
    if (!windows.some((window) => isInWindow(window, timeZone, at))) return at;
  }
  return undefined;
}

function minuteOf(at: EpochMs): EpochMs {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
