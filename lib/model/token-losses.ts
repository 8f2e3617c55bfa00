import type { EpochMs } from './time';

/** Tokens lost by certificate, over all containers; a port, implemented in `lib/aws`. */
export interface TokenLossCounter {
  /** Adds to the count of this hour and answers it. */
  add(appKey: string, certificate: string, lost: number, now: EpochMs): Promise<number>;
}
