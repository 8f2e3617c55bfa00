import { MINUTE_MS, SECOND_MS } from '../model/time';

/** Queues delay by no more. */
export const MAX_BACKOFF_MS = 15 * MINUTE_MS;

/** How long to wait before the next try: 1 s doubled per retry, of which `jitter` (0..1) keeps between half and all. */
export function backoffMs(retries: number, jitter: number): number {
  const ceilingMs = Math.min(SECOND_MS * 2 ** retries, MAX_BACKOFF_MS);
  return Math.round(ceilingMs * (0.5 + jitter / 2));
}
