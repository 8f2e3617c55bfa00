import type { StoredDecisions } from '../model/submission';

/** What a caller is told about one message: each decision, or counts above 100 recipients. */
export function answerOf({
  messageId,
  duplicate,
  recipients,
  counts,
}: StoredDecisions & { readonly duplicate: boolean }) {
  if (recipients === undefined) return { messageId, duplicate, counts };
  return {
    messageId,
    duplicate,
    recipients: recipients.map(({ accountId, reachable, reason, devices }) => ({
      accountId,
      reachable,
      ...(reason === undefined ? {} : { reason }),
      devices: devices.map((device) => ({
        deviceId: device.deviceId,
        decision: device.reason === 'queued' ? 'push' : 'skip',
        reason: device.reason,
        ...(device.vendor === undefined ? {} : { vendor: device.vendor }),
      })),
    })),
  };
}
