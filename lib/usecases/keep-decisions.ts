import pMap from 'p-map';
import type { Telemetry } from '../model/ports';
import type { PushJob } from '../model/push-job';
import { isPushReason } from '../model/reason';
import type { StoredDecisions } from '../model/submission';
import type { DecidedMessage, Situation } from './decide-messages';
import type { DispatchPorts } from './dispatch-messages';
import { countReasons, recallable, storedRecipients } from './submissions';

const PARALLEL_MESSAGES = 20;

/** Messages whose record does not tell their decisions, or cannot be found by their id. */
export function notReadable(
  decided: readonly DecidedMessage[],
  recorded: readonly StoredDecisions[],
): DecidedMessage[] {
  const told = new Set(recorded.flatMap((one) => (one.recipients ? [one.messageId] : [])));
  return decided.filter(({ event }) => event.batchId !== undefined || !told.has(event.messageId));
}

/** Stores decisions that are to be read elsewhere than in their record, as far as the app's trace level asks for them. */
export async function keepDecisions(
  appKey: string,
  apart: readonly DecidedMessage[],
  jobs: readonly PushJob[],
  { app, now }: Situation,
  ports: Pick<DispatchPorts, 'submissions'>,
): Promise<void> {
  const { traceLevel } = app.settings;
  if (traceLevel === 'off') return;
  await pMap(
    apart,
    (message) => {
      const all = storedRecipients(message, jobs, now);
      const kept =
        traceLevel === 'full'
          ? all
          : all.map((recipient) => ({
              ...recipient,
              devices: recipient.devices.filter(({ reason }) => !isPushReason(reason)),
            }));
      const { origin } = recallable(message);
      return ports.submissions.saveDecisions(appKey, message.event.messageId, now, kept, origin);
    },
    { concurrency: PARALLEL_MESSAGES },
  );
}

/** Counts decisions by reason and logs each job, without a token or a text. */
export function reportDispatch(
  decided: readonly DecidedMessage[],
  jobs: readonly PushJob[],
  telemetry: Telemetry,
): void {
  telemetry.count('MessagesAccepted', decided.length);
  for (const message of decided) {
    for (const [reason, count] of Object.entries(countReasons(message))) {
      telemetry.count('PushesDecided', count, { reason });
    }
  }
  for (const { vendor, jobId, pushes } of jobs) {
    telemetry.count('JobsQueued', 1, { vendor });
    telemetry.log('info', 'job queued', {
      jobId,
      vendor,
      messageId: pushes[0].messageId,
      messages: pushes.length,
      targets: pushes.reduce((sum, { targets }) => sum + targets.length, 0),
    });
  }
}
