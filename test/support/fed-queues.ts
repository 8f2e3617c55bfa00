import type { SQSEvent } from 'aws-lambda';
import {
  type EventSourceOptions,
  type RunningEventSource,
  startEventSource,
} from '../../local/event-source/event-source';
import type { Queue } from '../../local/sqs/queue';
import type { QueueBehaviour } from '../../local/sqs/queue-settings';
import { startSqs } from '../../local/sqs/sqs-server';
import { DEFAULT_BEHAVIOUR } from './test-queues';

/** Queues, and functions that are fed from them. */
export interface FedQueues {
  createQueue(behaviour?: Partial<QueueBehaviour>): Queue;
  feed(
    queue: Queue,
    invoke: (event: SQSEvent) => unknown,
    options?: Partial<EventSourceOptions>,
  ): RunningEventSource;
  /** Ends all feeding. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startFedQueues(): Promise<FedQueues> {
  const sqs = await startSqs();
  const sources: RunningEventSource[] = [];
  let queues = 0;
  return {
    createQueue(behaviour = {}) {
      queues += 1;
      const settings = { ...DEFAULT_BEHAVIOUR, visibilityTimeoutSeconds: 1, ...behaviour };
      return sqs.createQueue(`queue-${queues}`, settings);
    },
    feed(queue, invoke, options = {}) {
      const source = startEventSource({
        queue,
        invoke: async (event) => invoke(event),
        region: 'us-east-1',
        accountId: '000000000000',
        batchSize: 10,
        batchingWindowSeconds: 0,
        reportsBatchItemFailures: true,
        ...options,
      });
      sources.push(source);
      return source;
    },
    async stop() {
      await Promise.all(sources.splice(0).map((source) => source.close()));
    },
    close: () => sqs.close(),
  };
}

export const send = (queue: Queue, ...bodies: string[]) =>
  queue.send(bodies.map((body) => ({ body, attributes: {} })));
export const bodiesOf = (event: SQSEvent): string[] => event.Records.map(({ body }) => body);
export const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index));
