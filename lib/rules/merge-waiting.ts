import type { AppSettings } from '../model/app-settings';
import type { MessageEvent } from '../model/message-event';
import type { Push, PushJob, PushTarget } from '../model/push-job';
import { type EpochMs, SECOND_MS } from '../model/time';
import { messageClassOf } from './render-notification';

/** Nothing is merged that comes as soon as it can. */
export const MERGE_AFTER_MS = 5 * SECOND_MS;

/** One message that waits for one phone. */
export interface WaitingPush {
  readonly job: PushJob;
  readonly push: Push;
  readonly target: PushTarget;
}

/** Messages that are shown as one. */
export interface MergedPushes<Waiting extends WaitingPush = WaitingPush> {
  /** What is shown. */
  readonly newest: Waiting;
  /** What it stands for as well, the oldest first. */
  readonly behind: readonly Waiting[];
}

/** Whether a message is one that may be shown as a number: a call is not, nor what changes or only notifies. */
export function mayMerge(event: MessageEvent, { mergeWaiting }: AppSettings): boolean {
  const { kind = 'message', type, replaces } = event;
  const isCall = type === 'call' || messageClassOf(event) === 'call';
  return mergeWaiting && kind === 'message' && replaces === undefined && !isCall;
}

/**
 * Names the place where a waiting message is shown: the same for those that may become one notification, which are of one
 * conversation and class on one phone, and all counted on its icon or none. Undefined for what is to be shown by itself.
 */
export function mergesIn({ job, push, target }: WaitingPush, now: EpochMs): string | undefined {
  const { subject, notification } = push;
  const hasWaited = now - job.queuedAt > MERGE_AFTER_MS;
  if (!hasWaited || !push.mayMerge || push.withdraws || subject === undefined) return undefined;
  const { accountId, deviceId, token } = target;
  const phone = [job.appKey, job.certificate, accountId, deviceId, token];
  // what is not to be counted cannot tell the number for what is
  const { messageClass, badge } = notification;
  return JSON.stringify([...phone, subject.conversationId, messageClass, badge !== undefined]);
}

/** Merges what is left to send into the newest message of each place. A mention stays: it is what its reader looks for. */
export function mergeWaiting<Waiting extends WaitingPush>(
  waiting: readonly Waiting[],
  now: EpochMs,
): MergedPushes<Waiting>[] {
  const byPlace = Map.groupBy(waiting, (one) => mergesIn(one, now));
  return [...byPlace].flatMap(([place, all]) => {
    const sorted = all.toSorted(bySending);
    const newest = sorted.at(-1);
    if (place === undefined || newest === undefined) return [];
    const behind = sorted.filter(
      ({ push, target }) =>
        target.insists === undefined && push.messageId !== newest.push.messageId,
    );
    return behind.length === 0 ? [] : [{ newest, behind }];
  });
}

/** A text that stands for several messages, by a template with `{count}` and `{text}`. */
export function textForMany(template: string, count: number, text: string): string {
  // in one go: what a user writes may hold such a name as well
  return template.replace(/\{(count|text)\}/g, (_all, name) =>
    name === 'count' ? String(count) : text,
  );
}

function bySending({ push: one }: WaitingPush, { push: other }: WaitingPush): number {
  const [sentAt = 0, otherSentAt = 0] = [one.subject?.sentAt, other.subject?.sentAt];
  if (sentAt !== otherSentAt) return sentAt - otherSentAt;
  return one.messageId < other.messageId ? -1 : 1;
}
