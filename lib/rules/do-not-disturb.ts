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
  return window !== undefined && isInWindow(window, timeZone, now);
}

/** Whether a moment is in a part of every day. `timeZone` is that of a window that names none. */
export function isInWindow(window: DailyWindow, timeZone: string, at: EpochMs): boolean {
  // times as `HH:mm` sort as they follow each other
  const time = timeOfDay(window.timeZone ?? timeZone, at);
  const { from, to } = window;
  if (from === to) return from !== '00:00';
  const isOvernight = to < from;
  return isOvernight ? time >= from || time < to : time >= from && time < to;
}
