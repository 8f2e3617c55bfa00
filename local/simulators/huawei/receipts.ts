import { randomUUID } from 'node:crypto';
import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';
import { type CallbackCredentials, signCallback } from './callback-signature';

/** One element of `statuses` as it is posted. */
export type ReceiptEntry = Readonly<Record<string, unknown>>;

/** Source: developer.huawei.com, doccenter-references/api/push-api-msg-receipt: "a maximum of 100 statuses". */
const MAX_ENTRIES = 100;

/** Collects receipts for a moment and posts them by address, each once, whatever the answer. */
export class Receipts {
  readonly #delayMs: number;
  readonly #credentials: () => CallbackCredentials | undefined;
  readonly #waiting = new Map<string, ReceiptEntry[]>();
  readonly #posts = new ReceiptPosts();
  #timer: NodeJS.Timeout | undefined;

  /** Posts are signed with what `credentials` gives at that time, if anything. */
  constructor(delayMs: number, credentials: () => CallbackCredentials | undefined) {
    this.#delayMs = delayMs;
    this.#credentials = credentials;
  }

  add(url: string, entries: readonly ReceiptEntry[]): void {
    const waiting = this.#waiting.get(url);
    if (waiting === undefined) this.#waiting.set(url, [...entries]);
    else waiting.push(...entries);
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
    this.#waiting.clear();
    await this.#posts.close();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [url, entries] of this.#waiting) {
      for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
        const body = JSON.stringify({ statuses: entries.slice(from, from + MAX_ENTRIES) });
        this.#posts.post(url, body, this.#headers());
      }
    }
    this.#waiting.clear();
  }

  #headers(): Record<string, string> {
    const credentials = this.#credentials();
    return {
      'content-type': 'application/json',
      ...(credentials !== undefined && {
        'X-HUAWEI-CALLBACK-ID': signCallback(credentials, Date.now(), randomUUID()),
      }),
    };
  }
}
