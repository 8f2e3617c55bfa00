import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { chunk } from '../model/chunk';
import type { JobQueue } from '../model/ports';
import type { Lane } from '../model/push-job';
import type { VendorId } from '../model/vendor-id';

/** The four queues of one vendor. */
export interface VendorQueueUrls {
  readonly direct: string;
  readonly bulk: string;
  readonly directDead: string;
  readonly bulkDead: string;
}

export type QueueUrls = Readonly<Partial<Record<VendorId, VendorQueueUrls>>>;

const ENTRIES_PER_CALL = 10;
/** SQS takes 1 MiB a call; a job is at most 64 KB, so ten of them fit. */
const MAX_TRIES = 4;
const MAX_DELAY_SECONDS = 900;
const REASON_CHARACTERS = 500;

/** The vendor queues on SQS. */
export function createJobQueue(client: SQSClient, urls: QueueUrls): JobQueue {
  function urlOf(vendor: VendorId, lane: Lane): string {
    const url = urls[vendor]?.[lane];
    if (url === undefined) throw new Error(`no ${lane} queue is configured for ${vendor}`);
    return url;
  }

  async function send(url: string, entries: readonly SendMessageBatchRequestEntry[]) {
    let waiting = [...entries];
    for (let tries = 0; waiting.length > 0; tries++) {
      if (tries === MAX_TRIES) throw new Error(`${waiting.length} jobs did not get into ${url}`);
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: url, Entries: waiting }),
      );
      const failed = new Set(Failed.map(({ Id }) => Id));
      waiting = waiting.filter(({ Id }) => failed.has(Id));
    }
  }

  return {
    async put(jobs, delayMs = 0) {
      const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.ceil(delayMs / 1000));
      const byUrl = Map.groupBy(jobs, (job) => urlOf(job.vendor, job.lane));
      const calls = [...byUrl].flatMap(([url, group]) => {
        const entries = group.map((job, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(job),
          ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
        }));
        return chunk(entries, ENTRIES_PER_CALL).map((run) => ({ url, entries: run }));
      });
      await pMap(calls, ({ url, entries }) => send(url, entries), { concurrency: 10 });
    },

    async bury(job, reason) {
      const url = urls[job.vendor]?.[job.lane === 'direct' ? 'directDead' : 'bulkDead'];
      if (url === undefined) throw new Error(`no dead-letter queue for ${job.vendor}`);
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(job),
          MessageAttributes: {
            code: { DataType: 'String', StringValue: reason.code || 'unknown' },
            reason: {
              DataType: 'String',
              StringValue: reason.text.slice(0, REASON_CHARACTERS) || 'unknown',
            },
          },
        }),
      );
    },
  };
}
