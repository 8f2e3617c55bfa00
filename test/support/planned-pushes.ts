import { sha256 } from '../../lib/aws/fingerprint';
import type { Notification } from '../../lib/model/notification';
import type { PushJob } from '../../lib/model/push-job';
import type { EpochMs } from '../../lib/model/time';
import type { VendorId } from '../../lib/model/vendor-id';
import { buildJobs, type PlannedPush } from '../../lib/rules/build-jobs';
import { NOW } from './builders';

const notifications = new Map<string, Notification>();

/** All devices of a message are to see the same, so it is one object. */
function notificationOf(messageId: string): Notification {
  const known = notifications.get(messageId) ?? {
    title: 'Alice',
    body: `text of ${messageId}`,
    notifyId: 7,
    dedupeKey: 'k1',
    urgency: 'high',
    parts: { nick: 'Alice', content: 'hello', conversation: 'Alice' },
    messageClass: 'im',
    data: { messageId },
  };
  notifications.set(messageId, known);
  return known;
}

/** A push of message m1 to bob's phone through Xiaomi. */
export function aPlannedPush(
  changes: Partial<PlannedPush> & { certificate?: string; vendor?: VendorId; token?: string } = {},
): PlannedPush {
  const { certificate = 'mi', vendor = 'xiaomi', token = 'token-1', ...rest } = changes;
  const messageId = rest.messageId ?? 'm1';
  return {
    messageId,
    lane: 'direct',
    notification: notificationOf(messageId),
    expiresAt: NOW + 60_000,
    accountId: 'bob',
    deviceId: 'phone-1',
    chosen: { certificate, vendor, token, registeredAt: NOW },
    ...rest,
  };
}

/** The jobs of one call, as the service builds them. */
export function jobsOf(
  planned: readonly PlannedPush[],
  { appKey = 'app-1', now = NOW }: { readonly appKey?: string; readonly now?: EpochMs } = {},
): PushJob[] {
  return buildJobs({ appKey, traceLevel: 'full' }, planned, now, sha256);
}

export function jobIdsOf(jobs: readonly PushJob[]): string[] {
  return jobs.map(({ jobId }) => jobId).toSorted();
}

/** What a queue message with this body is billed for. */
export function jsonBytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
