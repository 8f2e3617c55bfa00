import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** An access token as a vendor issued it. */
export interface AccessToken {
  readonly value: string;
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** Whose access token; `credentials` is a fingerprint, so that changed credentials never get an old token. */
export interface AccessTokenKey {
  readonly vendor: VendorId;
  readonly appKey: string;
  readonly certificate: string;
  readonly credentials: string;
}

/** Access tokens that all containers share, sealed at rest; a port, implemented in `lib/aws`. */
export interface AccessTokenStore {
  get(key: AccessTokenKey): Promise<AccessToken | undefined>;
  /** True for one caller until `until`: it is to fetch a token while the others wait for what it stores. */
  claimRenewal(key: AccessTokenKey, until: EpochMs, now: EpochMs): Promise<boolean>;
  /** Ends a claim that brought no token: nobody is to try again before `until`. */
  giveUp(key: AccessTokenKey, until: EpochMs): Promise<void>;
  /** Stores a token and ends the claim. */
  put(key: AccessTokenKey, token: AccessToken): Promise<void>;
}
