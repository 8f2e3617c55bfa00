import type { Push, PushJob } from '../../lib/model/push-job';
import { DAY_MS } from '../../lib/model/time';
import type { VendorId } from '../../lib/model/vendor-id';

let jobs = 0;

/** A job that shows one text on the phones of these tokens, queued and decided just now. */
export function aJob(vendor: VendorId, tokens: readonly string[]): PushJob {
  const now = Date.now();
  jobs += 1;
  const targets = tokens.map((token, index) => ({
    accountId: `m${index}`,
    deviceId: 'd',
    token,
    registeredAt: now,
  }));
  const [first, ...rest] = targets;
  if (first === undefined) throw new Error('a job has a target');
  const push: Push = {
    messageId: `message-${jobs}`,
    subject: { conversationId: 'bench', sentAt: now },
    notification: {
      title: 'Bench',
      body: 'test text message',
      notifyId: jobs,
      dedupeKey: `bench-${jobs}`,
      urgency: 'normal',
      messageClass: 'im',
      parts: { nick: 'Bench', content: 'test text message', conversation: 'Bench' },
      data: { conversationId: 'bench', messageId: `message-${jobs}` },
    },
    expiresAt: now + DAY_MS,
    targets: [first, ...rest],
  };
  return {
    jobId: `job-${jobs}`,
    generation: 0,
    appKey: 'bench',
    vendor,
    certificate: vendor,
    lane: 'direct',
    traceLevel: 'off',
    queuedAt: now,
    decidedAt: now,
    pushes: [push],
  };
}
