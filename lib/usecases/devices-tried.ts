import type { JobProgress, OffshootProgress, StoredResult } from '../model/ports';
import type { TargetStatus } from '../model/send-outcome';
import type { StoredDecision, StoredRecipient } from '../model/submission';
import type { EpochMs } from '../model/time';
import type { ShownOn } from './plan-recall';

/** A device that a sender has tried to push a message to, by one of its channels. */
export interface TriedDevice extends ShownOn {
  /** It may show the message there, for all that is known. */
  readonly isShown: boolean;
}

/** Results after which nothing of a push is on the phone. `unavailable` may have arrived, with its answer lost. */
const NOT_SHOWN: readonly TargetStatus[] = [
  'token-invalid',
  'rejected',
  'throttled',
  'unauthorized',
  'misconfigured',
  'expired',
  'quota',
  'other-channel',
  'no-longer-wanted',
  'recalled',
  'acknowledged',
  'merged',
  'no-certificate',
  'dead-lettered',
];

/** Results after which the same job may send to the device again; where its token was renewed, also after `token-invalid`. */
const TRIED_AGAIN: readonly TargetStatus[] = [
  'throttled',
  'unavailable',
  'unauthorized',
  'misconfigured',
  'token-invalid',
];

/** Results with which a device leaves a job for one that comes out of it. */
const LEFT: readonly TargetStatus[] = ['other-channel', 'dead-lettered'];

/** A job by which a device was pushed to, or may have been. */
type Way = Omit<OffshootProgress, 'jobId' | 'vendor'>;

/**
 * Devices whose job a sender has had, once for each channel they were tried by: there they may show the message, and may have
 * it among what is unread.
 */
export function devicesTried(
  messageId: string,
  recipients: readonly StoredRecipient[],
  progress: ReadonlyMap<string, JobProgress>,
  now: EpochMs,
): TriedDevice[] {
  return recipients.flatMap(({ accountId, devices }) =>
    devices.flatMap(({ deviceId, jobId, certificate }: StoredDecision): TriedDevice[] => {
      const job = jobId === undefined ? undefined : progress.get(jobId);
      if (certificate === undefined || job === undefined) return [];
      const isOwn = (one: StoredResult) =>
        one.messageId === messageId && one.accountId === accountId && one.deviceId === deviceId;
      const ways = waysOf({ ...job, certificate }, isOwn);
      return [...Map.groupBy(ways, (way) => way.certificate)].map(([own, same]) => ({
        ...{ accountId, deviceId, certificate: own },
        ...shownBy(same, isOwn, now),
      }));
    }),
  );
}

/** The job itself, and what came out of it as far as the device may have gone with that. */
function waysOf(
  { cameOut = [], ...job }: Omit<JobProgress, 'state'> & Way,
  isOwn: (one: StoredResult) => boolean,
): readonly Way[] {
  const ways = mayHaveLeft(job, isOwn) ? [job, ...cameOut] : [job];
  return ways.filter(({ state }) => state !== 'queued');
}

function mayHaveLeft({ state, results }: Way, isOwn: (one: StoredResult) => boolean): boolean {
  const last = results.findLast(isOwn)?.status;
  if (last !== undefined && !isOpen(last)) return LEFT.includes(last);
  // where nobody is known to have left, nothing is kept of it, or not yet
  return state === 'claimed' || !results.some(({ status }) => LEFT.includes(status));
}

/** What is known of all jobs of one certificate by which the device was tried. */
function shownBy(
  ways: readonly Way[],
  isOwn: (one: StoredResult) => boolean,
  now: EpochMs,
): Pick<TriedDevice, 'isShown' | 'notBefore'> {
  const told = ways.map(({ state, until = 0, results }) => {
    const last = results.findLast(isOwn)?.status;
    // while a sender has the job, what it said before is no longer true
    const mayBeSent = state === 'claimed' && isOpen(last);
    return {
      isShown: mayBeSent || last === undefined || !NOT_SHOWN.includes(last),
      endsAt: mayBeSent ? until : 0,
    };
  });
  const notBefore = Math.max(...told.map(({ endsAt }) => endsAt));
  return { isShown: told.some((one) => one.isShown), ...(notBefore > now && { notBefore }) };
}

/** The job may send to the device, if it has not before. */
function isOpen(last: TargetStatus | undefined): boolean {
  return last === undefined || TRIED_AGAIN.includes(last);
}
