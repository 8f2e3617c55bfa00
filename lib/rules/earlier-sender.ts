import type { PushTarget } from '../model/push-job';
import { type EpochMs, SECOND_MS } from '../model/time';
import { dayIn } from './time-zone';

/** A sender that had a job before and never told what came of it: it may have sent any of it, and taken quota for that. */
export interface EarlierSender {
  /** It had taken nothing before. */
  readonly beganAt: EpochMs;
  /** Of the vendor. */
  readonly day: string;
}

/** Clocks of containers differ by less. */
const CLOCKS_APART_MS = SECOND_MS;

/** Whose claim is over: known by when it was to end. */
export function earlierSender(lapsedAt: EpochMs, leaseMs: number, timeZone: string): EarlierSender {
  const beganAt = lapsedAt - leaseMs - CLOCKS_APART_MS;
  return { beganAt, day: dayIn(timeZone, beganAt) };
}

/** A target as one that the earlier sender may have sent, and counted then. */
export function mayHaveArrived(target: PushTarget, earlier: EarlierSender | undefined): PushTarget {
  if (earlier === undefined || (target.counted ?? '') >= earlier.day) return target;
  return { ...target, counted: earlier.day };
}
