import type { RecipientDecision } from '../model/decision';
import { Refusal } from '../model/errors';
import type { MessageEvent } from '../model/message-event';
import type { StoredDecisions } from '../model/submission';
import type { HookedMessage } from './ask-hook';
import type { DecidedMessage } from './decide-messages';
import { submissionHash, submissionKey } from './submissions';

/** One record to be: a message, or all messages of a call with a `batchId`. */
export interface Submission {
  readonly key: string;
  readonly bodyHash: string;
  readonly messages: readonly HookedMessage[];
  readonly decided: readonly DecidedMessage[];
  /** Messages of it that were recalled, before they came or since. */
  readonly recalled?: readonly string[];
}

/** One for each message, or for all messages of a call that have a `batchId`; a repeat is known by what was sent. */
export function gatherSubmissions(
  hooked: readonly HookedMessage[],
  decided: readonly DecidedMessage[],
  hash: (text: string) => string,
): Submission[] {
  const groups = Map.groupBy(hooked.entries(), ([, { sent }]) => submissionKey(sent));
  return [...groups].map(([key, messages]) => ({
    key,
    bodyHash: submissionHash(
      messages.map(([, { sent }]) => sent),
      hash,
    ),
    messages: messages.map(([, message]) => message),
    decided: messages.flatMap(([index]) => decided[index] ?? []),
  }));
}

/** The submission with nothing decided for a push that was recalled. */
export function withoutRecalled(
  submission: Submission,
  recalled: readonly string[] = [],
): Submission {
  if (recalled.length === 0) return submission;
  const decided = submission.decided.map((message) =>
    recalled.includes(message.event.messageId)
      ? { ...message, recipients: message.recipients.map(asRecalled) }
      : message,
  );
  return { ...submission, decided, recalled };
}

/** What is answered of messages that were recalled since they came. */
export function answeredAsRecalled(answer: StoredDecisions): StoredDecisions {
  const { recipients } = answer;
  const count = Object.values(answer.counts).reduce((sum, one) => sum + one, 0);
  return {
    ...answer,
    counts: { [RECALLED]: count },
    ...(recipients && {
      recipients: recipients.map(({ accountId, reachable, devices }) => ({
        accountId,
        reachable,
        devices: devices.map(({ deviceId }) => ({ deviceId, reason: RECALLED })),
        ...(devices.length === 0 && { reason: RECALLED }),
      })),
    }),
  };
}

const RECALLED = 'recalled';

function asRecalled({ devices, accountId, reachable }: RecipientDecision): RecipientDecision {
  return {
    accountId,
    reachable,
    devices: devices.map(({ deviceId }) => ({ push: false, deviceId, because: RECALLED })),
    ...(devices.length === 0 && { reason: RECALLED }),
  };
}

/** The refusal of a call some of whose ids were used before, with another body. */
export function conflictRefusal(
  events: readonly MessageEvent[],
  conflicts: readonly { readonly submission: Submission }[],
): Refusal {
  const ids = new Set(
    conflicts.flatMap(({ submission }) => submission.decided.map(({ event }) => event.messageId)),
  );
  const fields = events.flatMap(({ messageId, batchId }, index) =>
    ids.has(messageId)
      ? [
          {
            path: events.length > 1 ? `messages[${index}].messageId` : 'messageId',
            message: `another body was sent under this ${batchId === undefined ? 'messageId' : 'batchId'} within 24 hours`,
          },
        ]
      : [],
  );
  return new Refusal(409, 'an id was used before with another body', fields);
}
