import type { DailyWindow, DoNotDisturb } from '../model/account';
import type { EpochMs } from '../model/time';
import { timeOfDay } from './time-zone';

/** Whether a user is not to be disturbed at `now`. `timeZone` is that of a window that names none. */
export function isDoNotDisturb(
  settings: DoNotDisturb | undefined,
  timeZone: string,
  now: EpochMs,
): boolean {
  const { until, window } = settings ?? {};
  if (until !== undefined && now < until) return true;
  return window !== undefined && isIn(window, timeOfDay(window.timeZone ?? timeZone, now));
}

/** Times as `HH:mm`, which sort as they follow each other. */
function isIn({ from, to }: DailyWindow, time: string): boolean {
  if (from === to) return from !== '00:00';
  const isOvernight = to < from;
  return isOvernight ? time >= from || time < to : time >= from && time < to;
}
