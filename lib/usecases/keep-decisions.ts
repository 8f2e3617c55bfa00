import pMap from 'p-map';
import type { Telemetry } from '../model/ports';
import type { PushJob } from '../model/push-job';
import type { DecidedMessage, Situation } from './decide-messages';
import type { DispatchPorts } from './dispatch-messages';
import { countReasons, RECIPIENTS_IN_ANSWER, storedRecipients } from './submissions';

const PARALLEL_MESSAGES = 20;

/** Stores decisions that their record does not hold, as far as the app's trace level asks for them. */
export async function keepDecisions(
  appKey: string,
  decided: readonly DecidedMessage[],
  jobs: readonly PushJob[],
  { app, now }: Situation,
  ports: DispatchPorts,
): Promise<void> {
  const { traceLevel } = app.settings;
  if (traceLevel === 'off') return;
  const apart = decided.filter(
    ({ event }) => event.batchId !== undefined || event.recipients.length > RECIPIENTS_IN_ANSWER,
  );
  await pMap(
    apart,
    (message) => {
      const all = storedRecipients(message, jobs);
      const kept =
        traceLevel === 'full'
          ? all
          : all.map((recipient) => ({
              ...recipient,
              devices: recipient.devices.filter(({ reason }) => reason !== 'queued'),
            }));
      return ports.submissions.saveDecisions(appKey, message.event.messageId, now, kept);
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
