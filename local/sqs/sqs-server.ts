import { isDeepStrictEqual } from 'node:util';
import { type Admit, startAwsJsonServer, unknownOperation } from '../dynamodb/aws-json-server';
import { forgetfulJournal, openMessageJournal } from './message-journal';
import { OPERATIONS, type QueueDirectory } from './operations';
import { Queue } from './queue';
import type { QueueBehaviour, QueueSettings } from './queue-settings';
import { sqsError } from './sqs-error';

const EXPIRY_SWEEP_MS = 60_000;

/** Where to listen and what to keep. */
export interface SqsOptions {
  /** A free port by default. */
  readonly port?: number | undefined;
  /** A folder of the queues' own; without one everything is in memory. */
  readonly folder?: string | undefined;
  readonly region?: string;
  readonly accountId?: string;
  readonly admit?: Admit;
}

/** A running endpoint, with the queues in it. */
export interface RunningSqs {
  readonly url: string;
  /** `http://127.0.0.1:<port>/<account>/<name>`, which the SDK can reach as it is. */
  queueUrl(name: string): string;
  /** Makes a queue; messages kept from an earlier run under its name are in it. */
  createQueue(name: string, behaviour: QueueBehaviour): Queue;
  find(name: string): Queue | undefined;
  close(): Promise<void>;
}

/**
 * Starts an SQS-compatible endpoint on loopback: standard queues with visibility, delays, long polling, redrive and
 * retention. Queues are not kept from run to run, only messages: making the queue again brings them back.
 */
export async function startSqs({
  port,
  folder,
  region = 'us-east-1',
  accountId = '000000000000',
  admit,
}: SqsOptions = {}): Promise<RunningSqs> {
  const journal = folder === undefined ? forgetfulJournal : openMessageJournal(folder);
  const kept = journal.load();
  let sequence = [...kept.values()]
    .flat()
    .reduce((highest, message) => Math.max(highest, message.sequence), 0);
  const queues = new Map<string, Queue>();
  const arnPrefix = `arn:aws:sqs:${region}:${accountId}:`;

  const surroundings = {
    journal,
    nextSequence: () => {
      sequence += 1;
      return sequence;
    },
    findByArn: (arn: string) => queues.get(arn.slice(arnPrefix.length)),
  };
  const directory: QueueDirectory = {
    accountId,
    find: (name) => queues.get(name),
    list: () => [...queues.values()],
    create(name, behaviour) {
      const settings = { name, arn: `${arnPrefix}${name}`, url: queueUrl(name), ...behaviour };
      const existing = queues.get(name);
      if (existing) return sameQueue(existing, settings);
      const queue = new Queue(settings, surroundings, kept.get(name));
      kept.delete(name);
      queues.set(name, queue);
      return queue;
    },
  };

  const server = await startAwsJsonServer(
    {
      target: 'AmazonSQS',
      contentType: 'application/x-amz-json-1.0',
      handle: async (name, input) => {
        const operation = OPERATIONS.get(name);
        if (!operation) throw unknownOperation();
        const output = await operation(directory, input);
        await journal.flush();
        return output;
      },
      admit,
    },
    port,
  ).catch((error) => {
    journal.close();
    throw error;
  });
  const queueUrl = (name: string) => `${server.url}/${accountId}/${name}`;

  const sweep = setInterval(() => {
    for (const queue of queues.values()) queue.dropExpired(Date.now());
  }, EXPIRY_SWEEP_MS).unref();

  return {
    url: server.url,
    queueUrl,
    createQueue: directory.create,
    find: directory.find,
    async close() {
      clearInterval(sweep);
      for (const queue of queues.values()) queue.close();
      // what the ended polls answer goes out first, so that their connections are idle and let go of
      await new Promise(setImmediate);
      await server.close();
      journal.close();
    },
  };
}

/** The queue there is, unless it behaves in another way. */
function sameQueue(existing: Queue, settings: QueueSettings): Queue {
  if (!isDeepStrictEqual(existing.settings, settings)) {
    throw sqsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value: ${settings.name}`,
    );
  }
  return existing;
}
