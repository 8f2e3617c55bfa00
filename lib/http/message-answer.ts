import type { StoredDecisions } from '../model/submission';

/** Lambda hands on answers of at most 6 MB. */
const MAX_DECISIONS_BYTES = 4_000_000;

type Answer = StoredDecisions & { readonly duplicate: boolean };

/**
 * What a caller is told about the messages of one call: each decision, or counts for a message above 100
 * recipients. Counts for all of them where the decisions would be more than an answer can carry.
 */
export function answersOf(answers: readonly Answer[]) {
  const full = answers.map(answerOf);
  // as Lambda counts: the answer is a text within another. A repeat must be measured like the first call
  const bytes = full.reduce(
    (sum, { recipients = [] }) =>
      sum + Buffer.byteLength(JSON.stringify(JSON.stringify(recipients))),
    0,
  );
  return bytes > MAX_DECISIONS_BYTES ? answers.map(countsOf) : full;
}

function countsOf({ messageId, duplicate, counts }: Answer) {
  return { messageId, duplicate, counts };
}

function answerOf({ messageId, duplicate, recipients, counts }: Answer) {
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
