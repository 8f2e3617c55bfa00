import { randomUUID } from 'node:crypto';
import { FirstInFirstOut } from './first-in-first-out';
import { HiddenMessages } from './hidden-messages';
import { createMessage, type Message, type NewMessage, type ReceivedMessage } from './message';
import type { QueueSettings, QueueSurroundings, ReceiveOptions } from './queue-settings';
import { invalidParameter, sqsError } from './sqs-error';

interface Waiter {
  readonly options: ReceiveOptions;
  settle(messages: readonly ReceivedMessage[]): void;
}

/**
 * A standard SQS queue in memory: visibility, delays, long polling, redrive, retention. Messages come in the
 * order they were sent; AWS promises no order at all.
 */
export class Queue {
  readonly settings: QueueSettings;
  readonly createdAtMs = Date.now();
  readonly #surroundings: QueueSurroundings;
  readonly #messages = new Set<Message>();
  readonly #byReceiptHandle = new Map<string, Message>();
  readonly #ready = new FirstInFirstOut<Message>();
  readonly #hidden = new HiddenMessages<Message>();
  readonly #waiters = new Set<Waiter>();
  readonly #counts = { ready: 0, delayed: 0, 'in-flight': 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    settings: QueueSettings,
    surroundings: QueueSurroundings,
    kept: readonly Message[] = [],
  ) {
    this.settings = settings;
    this.#surroundings = surroundings;
    for (const message of kept) this.#insert(message);
  }

  /** How many messages are in each state. */
  get counts(): Readonly<Record<Message['state'], number>> {
    this.#reveal(Date.now());
    return this.#counts;
  }

  /** Puts messages in; they are kept once the journal is flushed. */
  send(messages: readonly NewMessage[]): readonly Readonly<Message>[] {
    const now = Date.now();
    const sent = messages.map((message) =>
      createMessage(message, this.#surroundings.nextSequence(), now, this.settings.delaySeconds),
    );
    for (const message of sent) {
      this.#surroundings.journal.add(this.settings.name, message);
      this.#insert(message);
    }
    this.#serveWaiters();
    return sent;
  }

  /** Takes up to `maxMessages`, waiting for a first one if need be. */
  receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const messages = this.#take(options);
    if (messages.length > 0 || options.waitMs <= 0 || options.signal?.aborted) {
      return Promise.resolve(messages);
    }
    return new Promise((resolve) => {
      const giveUp = () => waiter.settle([]);
      const timer = setTimeout(giveUp, options.waitMs);
      const waiter: Waiter = {
        options,
        settle: (received) => {
          this.#waiters.delete(waiter);
          clearTimeout(timer);
          options.signal?.removeEventListener('abort', giveUp);
          resolve(received);
        },
      };
      options.signal?.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
      this.#wakeUpWhenDue();
    });
  }

  /** Deletes what was received; a handle of an earlier receive deletes nothing, as in AWS. */
  delete(receiptHandles: readonly string[]): void {
    for (const handle of receiptHandles) {
      const message = this.#byReceiptHandle.get(handle);
      if (message) this.#discard(message);
    }
  }

  /** Hides a received message for so long from now on; 0 gives it back at once. */
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void {
    const now = Date.now();
    this.#reveal(now);
    const message = this.#byReceiptHandle.get(receiptHandle);
    if (!message) {
      throw invalidParameter(
        'ReceiptHandle',
        receiptHandle,
        'Message does not exist or is not available for visibility timeout change.',
      );
    }
    if (message.state !== 'in-flight') {
      throw sqsError('MessageNotInflight', 'The specified message is not in flight.');
    }
    this.#hidden.remove(message);
    this.#hide(message, 'in-flight', now + timeoutSeconds * 1_000);
    this.#surroundings.journal.update(this.settings.name, message);
    this.#reveal(now);
    this.#serveWaiters();
  }

  purge(): void {
    for (const message of this.#messages) this.#discard(message);
  }

  /** Drops what is older than the queue keeps. */
  dropExpired(now: number): void {
    for (const message of this.#messages) {
      if (this.#isExpired(message, now)) this.#discard(message);
    }
  }

  /** Ends all waits. */
  close(): void {
    clearTimeout(this.#timer);
    for (const waiter of this.#waiters) waiter.settle([]);
  }

  #insert(message: Message): void {
    this.#messages.add(message);
    this.#counts[message.state] += 1;
    if (message.receiptHandle !== undefined) {
      this.#byReceiptHandle.set(message.receiptHandle, message);
    }
    if (message.state === 'ready') this.#ready.push(message);
    else this.#hidden.add(message);
  }

  #take({ maxMessages, visibilityTimeoutSeconds }: ReceiveOptions): readonly ReceivedMessage[] {
    const now = Date.now();
    const visibilityMs =
      (visibilityTimeoutSeconds ?? this.settings.visibilityTimeoutSeconds) * 1_000;
    this.#reveal(now);

    const taken: ReceivedMessage[] = [];
    while (taken.length < maxMessages) {
      const message = this.#ready.shift();
      if (message === undefined) break;
      if (!this.#messages.has(message)) continue;
      if (this.#isExpired(message, now)) this.#discard(message);
      else if (!this.#moveToDeadLetters(message))
        taken.push(this.#hand(message, now, visibilityMs));
    }
    this.#wakeUpWhenDue();
    return taken;
  }

  #hand(message: Message, now: number, visibilityMs: number): ReceivedMessage {
    if (message.receiptHandle !== undefined) this.#byReceiptHandle.delete(message.receiptHandle);
    const receiptHandle = randomUUID();
    this.#byReceiptHandle.set(receiptHandle, message);
    message.receiptHandle = receiptHandle;
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= now;
    this.#hide(message, 'in-flight', now + visibilityMs);
    this.#surroundings.journal.update(this.settings.name, message);
    return { ...message, receiptHandle };
  }

  /** True when the message had its share of receives and went to the dead-letter queue. */
  #moveToDeadLetters(message: Message): boolean {
    const { redrive } = this.settings;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = this.#surroundings.findByArn(redrive.deadLetterTargetArn);
    if (!target) return false;

    this.#forget(message);
    message.deadLetterSourceArn = this.settings.arn;
    message.receiptHandle = undefined;
    this.#surroundings.journal.update(target.settings.name, message);
    target.#insert(message);
    target.#serveWaiters();
    return true;
  }

  #hide(message: Message, state: 'delayed' | 'in-flight', untilMs: number): void {
    this.#setState(message, state);
    message.hiddenUntilMs = untilMs;
    this.#hidden.add(message);
  }

  /** Makes ready what is due. */
  #reveal(now: number): void {
    for (;;) {
      const message = this.#hidden.next;
      if (!message || message.hiddenUntilMs > now) return;
      this.#hidden.remove(message);
      this.#setState(message, 'ready');
      this.#ready.push(message);
    }
  }

  #setState(message: Message, state: Message['state']): void {
    this.#counts[message.state] -= 1;
    this.#counts[state] += 1;
    message.state = state;
  }

  #discard(message: Message): void {
    this.#forget(message);
    this.#surroundings.journal.remove(message);
  }

  /** A ready message stays in its line as a stranger, which `#take` passes over. */
  #forget(message: Message): void {
    if (message.state !== 'ready') this.#hidden.remove(message);
    this.#counts[message.state] -= 1;
    this.#messages.delete(message);
    if (message.receiptHandle !== undefined) this.#byReceiptHandle.delete(message.receiptHandle);
  }

  #isExpired(message: Message, now: number): boolean {
    return now - message.sentAtMs > this.settings.retentionSeconds * 1_000;
  }

  #serveWaiters(): void {
    for (const waiter of this.#waiters) {
      const messages = this.#take(waiter.options);
      if (messages.length === 0) return;
      waiter.settle(messages);
    }
  }

  /** While somebody waits, a hidden message is handed over the moment it is due. */
  #wakeUpWhenDue(): void {
    clearTimeout(this.#timer);
    const next = this.#hidden.next;
    if (this.#waiters.size === 0 || !next) return;
    this.#timer = setTimeout(
      () => this.#serveWaiters(),
      Math.max(0, next.hiddenUntilMs - Date.now()),
    );
  }
}
