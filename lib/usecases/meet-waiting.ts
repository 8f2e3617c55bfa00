import type { Push, PushJob } from '../model/push-job';
import type { SendOutcome } from '../model/send-outcome';
import type { Clock, EpochMs } from '../model/time';
import {
  type MergedPushes,
  mergesIn,
  mergeWaiting,
  type WaitingPush,
} from '../rules/merge-waiting';

/** Messages shown as one, by what the vendor says of the one notification. */
export interface MergedNotification extends MergedPushes {
  /** Undefined when nothing was sent after all. */
  readonly outcome: Promise<SendOutcome | undefined>;
  tell(outcome: SendOutcome | undefined): void;
}

/** The jobs of an invocation that have messages for one place: they wait for each other once they are claimed. */
export interface WaitingMeeting {
  /**
   * What becomes one notification, as soon as each of the jobs has either come or left. A job comes when it is claimed and knows
   * what of it is to be sent, so that nothing is merged into what is never sent. Empty for a job that shares no place.
   */
  join(job: PushJob, pushes: readonly Push[]): Promise<readonly MergedNotification[]>;
  /** The job is dealt with, whatever became of it: nobody waits for it any more. To be called for every job. */
  leave(job: PushJob): void;
}

/** Finds the jobs that have to meet; only those of one certificate do. All of `jobs` must be delivered side by side. */
export function meetWaiting(jobs: readonly PushJob[], clock: Clock): WaitingMeeting {
  const now = clock.now();
  const shared = sharedPlaces(
    jobs.flatMap((job) => waitingIn(job, job.pushes)),
    now,
  );
  const parties = new Map<PushJob, Party>();
  for (const same of Map.groupBy(new Set(shared.map(({ job }) => job)), ofCertificate).values()) {
    const party = createParty(new Set(same), now);
    for (const job of same) parties.set(job, party);
  }
  return {
    join: async (job, pushes) => parties.get(job)?.join(job, pushes) ?? [],
    leave: (job) => parties.get(job)?.leave(job),
  };
}

type Party = ReturnType<typeof createParty>;

function createParty(awaited: Set<PushJob>, now: EpochMs) {
  const come: WaitingPush[] = [];
  const all = Promise.withResolvers<readonly MergedNotification[]>();
  let merged: readonly MergedNotification[] = [];

  function expectNoLonger(job: PushJob): void {
    if (!awaited.delete(job) || awaited.size > 0) return;
    merged = mergeWaiting(come, now).map(withOutcome);
    all.resolve(merged);
  }

  return {
    async join(job: PushJob, pushes: readonly Push[]): Promise<readonly MergedNotification[]> {
      come.push(...waitingIn(job, pushes));
      expectNoLonger(job);
      return all.promise;
    },
    leave(job: PushJob): void {
      expectNoLonger(job);
      for (const { newest, tell } of merged) if (newest.job === job) tell(undefined);
    },
  };
}

function withOutcome(pushes: MergedPushes): MergedNotification {
  const { promise, resolve } = Promise.withResolvers<SendOutcome | undefined>();
  return { ...pushes, outcome: promise, tell: resolve };
}

/** Those that would be shown in a place where another would be as well. */
function sharedPlaces(waiting: readonly WaitingPush[], now: EpochMs): WaitingPush[] {
  const byPlace = Map.groupBy(waiting, (one) => mergesIn(one, now));
  byPlace.delete(undefined);
  return [...byPlace.values()].filter((same) => same.length > 1).flat();
}

function waitingIn(job: PushJob, pushes: readonly Push[]): WaitingPush[] {
  return pushes.flatMap((push) => push.targets.map((target) => ({ job, push, target })));
}

function ofCertificate({ appKey, certificate }: PushJob): string {
  return `${appKey}/${certificate}`;
}
