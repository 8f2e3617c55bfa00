import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** Whose tokens. */
export interface TokenLosses {
  readonly vendor: VendorId;
  readonly appKey: string;
  readonly certificate: string;
}

/** Tokens lost by certificate, over all containers; a port, implemented in `lib/aws`. */
export interface TokenLossCounter {
  /** Adds to the count of this hour and answers it. */
  add(of: TokenLosses, lost: number, now: EpochMs): Promise<number>;
}
