import { isPushReason } from '../model/reason';
import type { StoredDecision, StoredDecisions } from '../model/submission';

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
    (sum, answer) =>
      'recipients' in answer
        ? sum + Buffer.byteLength(JSON.stringify(JSON.stringify(answer.recipients)))
        : sum,
    0,
  );
  return bytes > MAX_DECISIONS_BYTES ? answers.map(countsOf) : full;
}

function countsOf(answer: Answer) {
  const {
    counts,
    recipients,
    reachable = recipients?.filter((one) => one.reachable).length,
  } = answer;
  // records of before do not tell it
  return { ...headOf(answer), counts, ...(reachable === undefined ? {} : { reachable }) };
}

function answerOf(answer: Answer) {
  const { recipients } = answer;
  if (recipients === undefined) return countsOf(answer);
  return {
    ...headOf(answer),
    recipients: recipients.map(({ accountId, reachable, reason, devices }) => ({
      accountId,
      reachable,
      ...(reason === undefined ? {} : { reason }),
      devices: devices.map(shown),
    })),
  };
}

function headOf({ messageId, duplicate, warnings }: Answer) {
  return { messageId, duplicate, ...(warnings === undefined ? {} : { warnings }) };
}

function shown({ deviceId, reason, vendor, certificate }: StoredDecision) {
  return {
    deviceId,
    decision: isPushReason(reason) ? 'push' : 'skip',
    reason,
    ...(vendor === undefined ? {} : { vendor }),
    ...(reason === 'shadow' && certificate !== undefined ? { certificate } : {}),
  };
}
