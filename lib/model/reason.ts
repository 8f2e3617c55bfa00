/**
 * Why a device is or is not pushed to: one constant each, in the order of the checks.
 * Documented in docs/architecture.md.
 */
export const REASONS = [
  'expired',
  'push-not-enabled',
  'own-device',
  'unknown-account',
  'blocked',
  'no-push-platform',
  'never-logged-in',
  'logged-out',
  'kicked',
  'stale',
  'foreground',
  'connected-in-background',
  'push-disabled',
  'desktop-online',
  'muted',
  'do-not-disturb',
  'no-token',
  'no-certificate',
  'queued',
] as const;

export type Reason = (typeof REASONS)[number];
export type SkipReason = Exclude<Reason, 'queued'>;
