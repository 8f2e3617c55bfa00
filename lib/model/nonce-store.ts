import type { EpochMs } from './time';

/** Which nonces of signed calls were used; a port, implemented in `lib/aws`. */
export interface NonceStore {
  /** True for the first caller; false for all others until `until`. */
  use(appKey: string, nonce: string, until: EpochMs, now: EpochMs): Promise<boolean>;
}
