import type { EpochMs } from '../model/time';

/** Making a formatter takes a thousand times longer than using one; names come from outside, so only so many are kept. */
const MOST_KEPT = 1_000;
const kept = new Map<string, Intl.DateTimeFormat | undefined>();

/** Whether there is such a time zone: an IANA name (`Asia/Shanghai`) or an offset (`+08:00`). */
export function isTimeZone(name: string): boolean {
  return formatterOf(name) !== undefined;
}

/** `HH:mm`, 00:00 to 23:59, on the clocks of a time zone; of UTC where there is no such zone. */
export function timeOfDay(timeZone: string, at: EpochMs): string {
  return (formatterOf(timeZone) ?? UTC).format(at);
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

const UTC = clockOf('UTC');
