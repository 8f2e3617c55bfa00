import type { EpochMs } from './time';

/** What a vendor reports later about phones a push was accepted for. */
export interface Receipt {
  readonly kind:
    | 'delivered'
    | 'clicked'
    | 'token-invalid'
    | 'muted'
    | 'filtered'
    | 'over-quota'
    | 'expired'
    | 'unknown';
  readonly tokens: readonly string[];
  readonly at: EpochMs;
  /** Our own opaque parameter, echoed: the job id. */
  readonly jobId?: string;
  /** The vendor's own type, kept for kinds we do not know. */
  readonly vendorType: string;
}
