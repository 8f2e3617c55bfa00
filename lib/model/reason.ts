/**
 * Why a device is or is not pushed to: one constant each, in the order of the checks.
 * Documented in docs/architecture.md.
 */
export const REASONS = [
  'expired',
  'recalled',
  'push-not-enabled',
  'hook',
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
  'read',
  'push-disabled',
  'desktop-online',
  'muted',
  'do-not-disturb',
  'no-token',
  'no-certificate',
  'shadow',
  'queued',
  'unacked',
] as const;

export type Reason = (typeof REASONS)[number];

/** Pushed to: at once, or unless the device says in time that it has the message. */
export const PUSH_REASONS = ['queued', 'unacked'] as const;
export type PushReason = (typeof PUSH_REASONS)[number];
export type SkipReason = Exclude<Reason, PushReason>;

/** Whether a decision with this reason, as it is stored, is one to push. */
export function isPushReason(reason: string): boolean {
  return PUSH_REASONS.some((one) => one === reason);
}
