import type { Badge } from '../model/account';
import type { ChosenToken } from '../model/decision';
import type { Push, PushJob, PushTarget } from '../model/push-job';

/** A target that is to get its push another way. */
export interface Detour {
  readonly push: Push;
  readonly target: PushTarget;
  readonly to: ChosenToken;
  /** As the device last knew the number on its icon. */
  readonly badge?: Badge | undefined;
}

const SUFFIX_CHARACTERS = 22;

/**
 * Jobs that bring pushes to the same devices by other vendors, one for each certificate. What a message says stays, what it says to
 * one vendor alone does not. A job's id begins with that of the job it came of, so that their story is one and a recall reaches both,
 * and is the same when the same job is delivered again: then nobody gets the push twice.
 *
 * @param hash SHA-256 as base64url
 */
export function detourJobs(
  job: PushJob,
  detours: readonly Detour[],
  hash: (text: string) => string,
): PushJob[] {
  const byCertificate = Map.groupBy(detours, ({ to }) => to.certificate);
  return [...byCertificate.values()].flatMap((some): PushJob[] => {
    const [first, ...rest] = pushesOf(job, some);
    const to = some[0]?.to;
    if (first === undefined || to === undefined) return [];
    const { vendor, certificate } = to;
    const pushes = [first, ...rest] as const;
    const devices = pushes.flatMap(({ messageId, targets }) =>
      targets.map(({ accountId, deviceId }) => JSON.stringify([messageId, accountId, deviceId])),
    );
    const name = [job.jobId, vendor, certificate, ...devices.sort()].join('\n');
    const suffix = hash(name).slice(0, SUFFIX_CHARACTERS);
    const jobId = `${job.jobId.split('.')[0]}.${suffix}`;
    return [{ ...job, jobId, generation: 0, vendor, certificate, pushes }];
  });
}

function pushesOf(job: PushJob, detours: readonly Detour[]): Push[] {
  // within a job, what is said once is one object
  return [...Map.groupBy(detours, ({ push }) => push)].flatMap(([push, same]) => {
    const [first, ...rest] = same.map((one) => targetOf(job, one));
    if (first === undefined) return [];
    const { fields: _vendors, ...notification } = push.notification;
    return [{ ...push, notification, targets: [first, ...rest] }];
  });
}

function targetOf({ vendor }: PushJob, { target, to, badge }: Detour): PushTarget {
  const {
    region: _region,
    notBefore: _at,
    retries: _retries,
    attempts: _attempts,
    ...kept
  } = target;
  const { token, registeredAt, region } = to;
  return {
    ...kept,
    token,
    registeredAt,
    ...(region === undefined ? {} : { region }),
    ...(badge && { badge }),
    without: [...(target.without ?? []), vendor],
  };
}
