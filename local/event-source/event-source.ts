import { setMaxListeners } from 'node:events';
import type { SQSEvent } from 'aws-lambda';
import type { ReceivedMessage } from '../sqs/message';
import type { Queue } from '../sqs/queue';
import { readBatchItemFailures } from './batch-item-failures';
import { createSqsEvent } from './sqs-event';

/** Lambda starts with five long polls. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const FIRST_POLLERS = 5;
/** Without a maximum AWS goes up to 1,250 concurrent batches: too many for one machine. */
const DEFAULT_MAXIMUM_CONCURRENCY = 10;
const LONG_POLL_MS = 20_000;
const MESSAGES_PER_RECEIVE = 10;
/** Bodies of one batch; as JSON in the event they grow, and that must stay below Lambda's 6 MB. */
const MAXIMUM_BATCH_BYTES = 4 * 1024 * 1024;

/** A queue that feeds a function. */
export interface EventSourceOptions {
  readonly queue: Pick<Queue, 'receive' | 'delete' | 'settings'>;
  invoke(event: SQSEvent): Promise<unknown>;
  readonly region: string;
  readonly accountId: string;
  readonly batchSize: number;
  /** How long to wait for more messages once there is one; 0 hands over what is there. */
  readonly batchingWindowSeconds: number;
  /** Whether the function's answer says which messages failed. */
  readonly reportsBatchItemFailures: boolean;
  readonly maximumConcurrency?: number | undefined;
}

/** A running event source mapping. */
export interface RunningEventSource {
  /** Takes no more messages; resolves when those taken are dealt with. */
  close(): Promise<void>;
}

/**
 * Starts an SQS event source mapping. What a function fails, or what fails a function, stays in the queue
 * and comes back when its visibility timeout ends.
 */
export function startEventSource(options: EventSourceOptions): RunningEventSource {
  const { queue, batchSize, maximumConcurrency = DEFAULT_MAXIMUM_CONCURRENCY } = options;
  const origin = { ...options, queueArn: queue.settings.arn };
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const pollers = new Set<Promise<void>>();
  let waiting = 0;

  /** Every poller has one batch at a time, so there are never more calls than pollers. */
  function startPoller(): void {
    if (signal.aborted || pollers.size >= maximumConcurrency) return;
    const poller = poll().finally(() => pollers.delete(poller));
    pollers.add(poller);
  }

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      waiting += 1;
      const messages = await collect();
      waiting -= 1;
      if (messages.length === 0 && pollers.size > FIRST_POLLERS) return;
      if (messages.length > 0 && waiting === 0) startPoller();
      for (const batch of splitBySize(messages)) await deliver(batch);
    }
  }

  async function collect(): Promise<readonly ReceivedMessage[]> {
    const receive = (missing: number, waitMs: number) =>
      queue.receive({ maxMessages: Math.min(MESSAGES_PER_RECEIVE, missing), waitMs, signal });

    const messages = [...(await receive(batchSize, LONG_POLL_MS))];
    const until = Date.now() + options.batchingWindowSeconds * 1_000;
    while (messages.length > 0 && messages.length < batchSize && !signal.aborted) {
      const waitMs = until - Date.now();
      if (waitMs <= 0) break;
      messages.push(...(await receive(batchSize - messages.length, waitMs)));
    }
    return messages;
  }

  async function deliver(messages: readonly ReceivedMessage[]): Promise<void> {
    const failed = await findFailed(messages);
    const done = messages.filter(({ id }) => !failed.has(id));
    queue.delete(done.map(({ receiptHandle }) => receiptHandle));
  }

  async function findFailed(messages: readonly ReceivedMessage[]): Promise<ReadonlySet<string>> {
    const ids = messages.map(({ id }) => id);
    try {
      const result = await options.invoke(createSqsEvent(messages, origin));
      return options.reportsBatchItemFailures ? readBatchItemFailures(result, ids) : new Set();
    } catch {
      // the function has logged why
      return new Set(ids);
    }
  }

  for (let started = 0; started < FIRST_POLLERS; started += 1) startPoller();
  return {
    async close() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

function* splitBySize(messages: readonly ReceivedMessage[]): Generator<ReceivedMessage[]> {
  let batch: ReceivedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    if (batch.length > 0 && bytes + size > MAXIMUM_BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
