import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import type { JobQueue } from '../model/ports';
import type { Lane, PushJob } from '../model/push-job';
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
/** Not every region takes 1 MiB a call; SQS bills by 64 KB, so smaller calls cost the same. */
const BYTES_PER_CALL = 262_144;
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
          MessageBody: bodyOf(job),
          ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
        }));
        return callsOf(entries).map((run) => ({ url, entries: run }));
      });
      await pMap(calls, ({ url, entries }) => send(url, entries), { concurrency: 10 });
    },

    async bury(job, reason) {
      const url = urls[job.vendor]?.[job.lane === 'direct' ? 'directDead' : 'bulkDead'];
      if (url === undefined) throw new Error(`no dead-letter queue for ${job.vendor}`);
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: bodyOf(job),
          MessageAttributes: {
            code: attributeOf(reason.code),
            reason: attributeOf(reason.text),
          },
        }),
      );
    },
  };
}

/** As JSON. SQS refuses U+FFFE and U+FFFF, which a chat message may hold; JSON may also write them escaped. */
function bodyOf(job: PushJob): string {
  return JSON.stringify(job).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

/** What SQS refuses in a text: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** A text from outside as a message attribute: cut, without what would keep the message out of the queue. */
export function attributeOf(text: string): MessageAttributeValue {
  const fit = text.slice(0, REASON_CHARACTERS).replace(FORBIDDEN, '\uFFFD');
  return { DataType: 'String', StringValue: fit || 'unknown' };
}

/** Runs of entries that fit one call each. */
function callsOf(entries: readonly SendMessageBatchRequestEntry[]) {
  const calls: SendMessageBatchRequestEntry[][] = [];
  let free = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(entry.MessageBody ?? '');
    const current = calls.at(-1);
    if (current === undefined || current.length === ENTRIES_PER_CALL || bytes > free) {
      calls.push([entry]);
      free = BYTES_PER_CALL - bytes;
    } else {
      current.push(entry);
      free -= bytes;
    }
  }
  return calls;
}
