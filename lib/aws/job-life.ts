import type { EpochMs } from '../model/time';

const KEEP_SECONDS = 7 * 86_400;

/** Until when what is known of a job is kept, in seconds as DynamoDB's TTL has them. */
export function keptUntil(now: EpochMs): number {
  return Math.ceil(now / 1000) + KEEP_SECONDS;
}
