import type { JobProgress } from '../model/ports';
import type { StoredDecision, StoredRecipient } from '../model/submission';
import type { EpochMs } from '../model/time';
import type { ShownOn } from './plan-recall';

/** A device that a sender has tried to push a message to. */
export interface TriedDevice extends ShownOn {
  /** It may show the message, for all that is known. */
  readonly isShown: boolean;
}

/** As long as a vendor's answer is waited for: a push that is just being sent is shown by then, or not at all. */
const SENDING_MS = 5_000;

/** Results after which nothing of a push is on the phone. `unavailable` may have arrived, with its answer lost. */
const NOT_SHOWN: readonly string[] = [
  'token-invalid',
  'rejected',
  'throttled',
  'unauthorized',
  'misconfigured',
  'expired',
  'quota',
  'no-longer-wanted',
  'recalled',
  'acknowledged',
  'merged',
  'no-certificate',
  'dead-lettered',
];

/** Devices whose job a sender has had: they may show the message, and may have it among what is unread. */
export function devicesTried(
  messageId: string,
  recipients: readonly StoredRecipient[],
  progress: ReadonlyMap<string, JobProgress>,
  now: EpochMs,
): TriedDevice[] {
  return recipients.flatMap(({ accountId, devices }) =>
    devices.flatMap(({ deviceId, jobId, certificate }: StoredDecision): TriedDevice[] => {
      const job = jobId === undefined ? undefined : progress.get(jobId);
      if (certificate === undefined || job === undefined || job.state === 'queued') return [];
      const last = job.results.findLast(
        (one) =>
          one.messageId === messageId && one.accountId === accountId && one.deviceId === deviceId,
      );
      const device = { accountId, deviceId, certificate };
      // while a sender has the job, what it said before is no longer true
      if (job.state === 'claimed') {
        return [{ ...device, isShown: true, notBefore: now + SENDING_MS }];
      }
      return [{ ...device, isShown: last === undefined || !NOT_SHOWN.includes(last.status) }];
    }),
  );
}
