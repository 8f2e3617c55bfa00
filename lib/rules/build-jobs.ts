import type { ChosenToken } from '../model/decision';
import type { Lane, Push, PushJob, PushTarget } from '../model/push-job';
import type { EpochMs } from '../model/time';

/** One device that is to be pushed to, with what it is to show. */
export interface PlannedPush
  extends Omit<Push, 'targets'>,
    Omit<PushTarget, 'token' | 'registeredAt' | 'region' | 'retries' | 'attempts'> {
  readonly lane: Lane;
  /** Pushes that are to look the same share the very same object, and so one place in a job. */
  readonly notification: Push['notification'];
  readonly chosen: ChosenToken;
}

/** SQS bills every 64 KB; what the job itself takes around its pushes is set aside. */
export const JOB_BYTES = 65_536;
const JOB_FRAME_BYTES = 512;
const ID_CHARACTERS = 22;

/** Characters by how many bytes of UTF-8 they are. */
const LAST_OF_ONE_BYTE = 0x7f;
const LAST_OF_TWO_BYTES = 0x7ff;

/**
 * Packs planned pushes into as few queue messages as fit: one certificate and lane each, equal content
 * carried once, filled towards 64 KB. The same pushes always give the same job ids, so a repeat is known.
 *
 * @param hash SHA-256 as base64url
 */
export function buildJobs(
  { appKey, traceLevel }: Pick<PushJob, 'appKey' | 'traceLevel'>,
  planned: readonly PlannedPush[],
  now: EpochMs,
  hash: (text: string) => string,
): PushJob[] {
  // in an order of their own: a repeat that finds devices in another one must cut the jobs alike
  const sorted = planned.toSorted(byDevice);
  const groups = Map.groupBy(
    sorted,
    ({ chosen, lane, notBefore = 0 }) => `${lane}/${notBefore}/${chosen.certificate}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return packPushes(group).map((pushes) => ({
      jobId: jobIdOf(appKey, first, pushes, hash),
      generation: 0,
      appKey,
      vendor: first.chosen.vendor,
      certificate: first.chosen.certificate,
      lane: first.lane,
      traceLevel,
      queuedAt: now,
      decidedAt: now,
      pushes,
    }));
  });
}

function byDevice(one: PlannedPush, other: PlannedPush): number {
  return (
    compare(one.messageId, other.messageId) ||
    compare(one.accountId, other.accountId) ||
    compare(one.deviceId, other.deviceId)
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * An id that depends on what is said, the certificate and the very devices, and on nothing else. A message id
 * alone would not do: after a day it may be used again for another message.
 */
function jobIdOf(
  appKey: string,
  { chosen, lane }: PlannedPush,
  pushes: PushJob['pushes'],
  hash: (text: string) => string,
): string {
  const devices = pushes.flatMap(({ messageId, notification, expiresAt, targets, withdraws }) => {
    const said = hash(JSON.stringify([messageId, expiresAt, notification, withdraws]));
    return targets.map(({ accountId, deviceId }) => `${said}/${accountId}/${deviceId}`);
  });
  const name = [appKey, chosen.vendor, chosen.certificate, lane, ...devices.sort()].join('\n');
  return hash(name).slice(0, ID_CHARACTERS);
}

/** Cuts one group into runs of pushes that fit a job each. */
function packPushes(group: readonly PlannedPush[]): PushJob['pushes'][] {
  const jobs: PushJob['pushes'][] = [];
  let current: Push[] = [];
  let free = JOB_BYTES - JOB_FRAME_BYTES;

  function close(): void {
    const [first, ...rest] = current;
    if (first !== undefined) jobs.push([first, ...rest]);
    current = [];
    free = JOB_BYTES - JOB_FRAME_BYTES;
  }

  for (const same of Map.groupBy(group, ({ notification }) => notification).values()) {
    const [first] = same;
    if (first === undefined) continue;
    const said = contentOf(first);
    const frameBytes = jsonBytes({ ...said, targets: [] });
    let targets: PushTarget[] = [];
    const add = (): void => {
      const [one, ...others] = targets;
      if (one !== undefined) {
        current.push({ ...said, targets: [one, ...others] });
      }
      targets = [];
    };
    const sizes = same.map((planned) => {
      const target = targetOf(planned);
      return { target, bytes: jsonBytes(target) };
    });
    if (free < frameBytes + (sizes[0]?.bytes ?? 0)) close();
    free -= frameBytes;
    for (const { target, bytes } of sizes) {
      if (bytes > free && targets.length > 0) {
        add();
        close();
        free -= frameBytes;
      }
      targets.push(target);
      free -= bytes;
    }
    add();
  }
  close();
  return jobs;
}

/** What all targets of a push share. */
function contentOf({
  messageId,
  subject,
  notification,
  withdraws,
  remembered,
  mayMerge,
  expiresAt,
}: PlannedPush): Omit<Push, 'targets'> {
  return {
    messageId,
    ...(subject && { subject }),
    notification,
    ...(withdraws && { withdraws }),
    ...(remembered && { remembered }),
    ...(mayMerge && { mayMerge }),
    expiresAt,
  };
}

function targetOf(planned: PlannedPush): PushTarget {
  const { accountId, deviceId, chosen, presence, desktops, insists, unacked, badge, notBefore } =
    planned;
  const { token, registeredAt, region } = chosen;
  return {
    accountId,
    deviceId,
    token,
    registeredAt,
    ...(region === undefined ? {} : { region }),
    ...(presence && { presence }),
    ...(desktops && { desktops }),
    ...(insists && { insists }),
    ...(unacked && { unacked }),
    ...(badge && { badge }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

/** Size as UTF-8 JSON plus the comma behind it. */
function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = text.length + 1;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > LAST_OF_ONE_BYTE) bytes += unit > LAST_OF_TWO_BYTES && !isHalf(unit) ? 2 : 1;
  }
  return bytes;
}

/** Of a pair that is one character, and four bytes. */
function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
