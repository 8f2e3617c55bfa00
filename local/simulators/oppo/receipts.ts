import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';
import type { OppoNotification } from './notification';

/** Source: OPPO open platform, doc 11239. */
export type OppoEvent = 'push_arrive' | 'regid_invalid' | 'user_daily_limit';

interface Entry {
  readonly messageId: string;
  readonly appId: string;
  readonly taskId: string;
  readonly registrationIds: string;
  readonly eventTime: string;
  readonly param?: string;
  readonly eventType: OppoEvent;
}

const MAX_ENTRIES = 1_000;

/** Collects events for a moment and posts them, those of equal addresses as one array (doc 11239). */
export class Receipts {
  readonly #appId: string;
  readonly #delayMs: number;
  readonly #posts = new ReceiptPosts();
  readonly #due = new Map<string, Entry[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(appId: string, delayMs: number) {
    this.#appId = appId;
    this.#delayMs = delayMs;
  }

  /** Reports an event of a message to the address that the message names, if it names one. */
  add(
    { call_back_url: url, call_back_parameter: param }: OppoNotification,
    messageId: string,
    registrationId: string,
    eventType: OppoEvent,
  ): void {
    if (url === undefined) return;
    const entries = this.#due.get(url) ?? [];
    this.#due.set(url, entries);
    entries.push({
      messageId,
      appId: this.#appId,
      taskId: messageId,
      registrationIds: registrationId,
      eventTime: `${Date.now()}`,
      ...(param !== undefined && { param }),
      eventType,
    });
    this.#timer ??= setTimeout(() => this.#flush(), this.#delayMs);
  }

  counts(): ReceiptCounts {
    return this.#posts.counts();
  }

  resetCounts(): void {
    this.#posts.resetCounts();
  }

  /** Drops what was not posted yet and ends what is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#due.clear();
    await this.#posts.close();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [url, entries] of this.#due) {
      for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
        const body = JSON.stringify(entries.slice(from, from + MAX_ENTRIES));
        this.#posts.post(url, body, { 'content-type': 'application/json' });
      }
    }
    this.#due.clear();
  }
}
