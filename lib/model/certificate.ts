import type { CertificateLimits, Endpoint, MessageClass } from './app-settings';
import type { VendorId } from './vendor-id';

/** What a vendor's receipts are checked with. */
export interface ReceiptCheck {
  /** HMAC key, or the token the vendor repeats. */
  readonly secret: string;
  /** The user name that goes into Huawei's signature. */
  readonly user?: string;
}

/** A named credential set of one vendor, opened: only senders and the admin call that stores it see one. */
export interface Certificate {
  readonly name: string;
  readonly appKey: string;
  readonly vendor: VendorId;
  /** Checked by the vendor's own schema when it was stored. */
  readonly credentials: Readonly<Record<string, unknown>>;
  readonly package?: string;
  readonly endpoint?: Endpoint;
  readonly authEndpoint?: Endpoint;
  readonly limits?: CertificateLimits;
  readonly classes?: Readonly<Record<string, MessageClass>>;
  readonly receiptId: string;
  readonly receipts?: ReceiptCheck;
}
