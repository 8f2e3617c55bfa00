import { createHash } from 'node:crypto';
import pMap from 'p-map';
import type { Notification } from '../model/notification';
import type { Telemetry } from '../model/ports';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import type { UnreadMember, UnreadMessages, UnreadStore } from '../model/unread';
import { textForMany } from '../rules/merge-waiting';
import { badgeOf, shortName, stackOf } from '../rules/unread';
import type { Vendor } from '../vendors/vendor';

/** Targets of one push that are to see the very same. */
export interface RenderedPush {
  /** As it is in the job. */
  readonly push: Push;
  /** What these targets see. */
  readonly notification: Notification;
  readonly targets: readonly PushTarget[];
}

export interface RememberPorts {
  readonly vendor: Vendor;
  readonly unread: UnreadStore;
  readonly telemetry: Telemetry;
}

const PARALLEL_ADDS = 50;
/** All counting of a job: a push is worth more than its number. */
const MAX_WAIT_MS = 1_000;

/**
 * Remembers what is to be remembered as unread, and gives each phone the number and the text that follow from it. A
 * push whose count cannot be had in time goes without. Never throws; costs nothing where nothing is remembered.
 */
export async function rememberPushes(
  job: PushJob,
  pushes: readonly Push[],
  ports: RememberPorts,
): Promise<readonly RenderedPush[]> {
  const told = pushes.map((push) => ({ push, member: memberOf(push) }));
  const remembered = told.flatMap(({ push, member }) =>
    member === undefined ? [] : push.targets.map((target) => ({ push, member, target })),
  );
  if (remembered.length === 0) return pushes.map(asItIs);
  const limit = timeOut(MAX_WAIT_MS);
  const counted = await pMap(
    remembered,
    async ({ push, member, target }): Promise<CountedTarget> => {
      const unread = await limit.within(() => ports.unread.add(countOf(job, target), member));
      const variant = unread && variantFor(target, member, unread, push, ports.vendor);
      return { push, target, variant };
    },
    { concurrency: PARALLEL_ADDS },
  );
  limit.cancel();
  const failures = counted.filter(({ variant }) => variant === undefined).length;
  if (failures > 0) {
    const { vendor, jobId } = job;
    ports.telemetry.count('UnreadFailures', failures, { vendor });
    ports.telemetry.log('warn', 'pushes go without their count', { jobId, vendor, failures });
  }
  const byPush = Map.groupBy(counted, ({ push }) => push);
  return pushes.flatMap((push) => {
    const own = byPush.get(push);
    return own === undefined ? [asItIs(push)] : inVariants(push, own, ports.vendor);
  });
}

/** What the unread count of a device is stored under. */
export function countOf(
  { appKey }: Pick<PushJob, 'appKey'>,
  { accountId, deviceId, badge }: Pick<PushTarget, 'accountId' | 'deviceId' | 'badge'>,
) {
  return { appKey, accountId, deviceId, since: badge?.since ?? 0 };
}

/** The short name of a conversation among unread messages. */
export function conversationName(conversationId: string): string {
  return shortName(conversationId, sha256);
}

/** What of a notification depends on what else is unread. */
interface Variant {
  readonly badge?: number;
  readonly count?: number;
  readonly isSilent?: true;
}

/** A target with its variant, unless its count could not be had. */
interface CountedTarget {
  readonly push: Push;
  readonly target: PushTarget;
  readonly variant: Variant | undefined;
}

function variantFor(
  { badge }: PushTarget,
  member: UnreadMember,
  unread: UnreadMessages,
  { notification: { stack } }: Push,
  vendor: Vendor,
): Variant {
  const stacked = stack && stackOf(unread, member, stack.alertEverySeconds);
  return {
    ...(vendor.badge === 'absolute' ? { badge: badgeOf(badge?.value ?? 0, unread) } : {}),
    ...(stacked !== undefined && stacked.count > 1 ? { count: stacked.count } : {}),
    ...(stacked?.alerts === false ? { isSilent: true } : {}),
  };
}

function inVariants(push: Push, counted: readonly CountedTarget[], vendor: Vendor): RenderedPush[] {
  const byVariant = Map.groupBy(counted, ({ variant = {} }) => JSON.stringify(variant));
  return [...byVariant.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const notification = varied(push.notification, first.variant ?? {}, vendor);
    return [{ push, notification, targets: same.map(({ target }) => target) }];
  });
}

function varied(
  { badge: asked, ...notification }: Notification,
  { badge, count, isSilent }: Variant,
  vendor: Vendor,
): Notification {
  return {
    ...notification,
    ...badgeFor(asked, badge, vendor),
    ...(count === undefined ? {} : { body: stackedText(notification, count) }),
    ...(isSilent ? { alert: { sound: false, vibration: false } } : {}),
  };
}

/** Who takes the number as it is cannot be told to add to it. */
function badgeFor(
  asked: Notification['badge'],
  number: number | undefined,
  vendor: Vendor,
): Pick<Notification, 'badge'> {
  if (asked === undefined) return {};
  if (vendor.badge !== 'absolute' || 'set' in asked) return { badge: asked };
  return number === undefined ? {} : { badge: { set: number } };
}

function stackedText({ stack, body }: Omit<Notification, 'badge'>, count: number): string {
  return textForMany(stack?.text ?? '{text}', count, body);
}

/** What is remembered of a push; undefined where nothing is. */
function memberOf({
  messageId,
  subject,
  notification,
  remembered,
  withdraws,
}: Push): UnreadMember | undefined {
  if (!remembered || withdraws || subject === undefined) return undefined;
  return {
    conversation: conversationName(subject.conversationId),
    message: shortName(messageId, sha256),
    sentAt: subject.sentAt,
    notifyId: notification.notifyId,
    counts: notification.badge !== undefined,
  };
}

function asItIs(push: Push): RenderedPush {
  return { push, notification: push.notification, targets: push.targets };
}

/** One time-out for all: who comes in time and is answered in time has an answer. */
function timeOut(afterMs: number) {
  let isOver = false;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    isOver = true;
    resolve(undefined);
  }, afterMs);
  return {
    async within<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
      return isOver ? undefined : Promise.race([ask().catch(() => undefined), promise]);
    },
    cancel: () => clearTimeout(timer),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
