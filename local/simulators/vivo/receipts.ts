import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';
import type { SinglePush } from './message';

interface Entry {
  readonly param?: string;
  readonly targets: string;
  readonly ackTime: number;
}

/**
 * Collects arrivals of single pushes for a moment and posts them, one JSON object per address keyed by task
 * id (vivo open platform, doc 362, as its readers remember it).
 */
export class Receipts {
  /** Where `callback.id` points to; undefined: nowhere. */
  consoleAddress: string | undefined;
  readonly #delayMs: number;
  readonly #posts = new ReceiptPosts();
  readonly #due = new Map<string, Map<string, Entry>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Reports that a single push arrived, if its `extra` asks for that. */
  add({ extra, regId }: SinglePush, taskId: string): void {
    const url = extra?.callback ?? (extra?.['callback.id'] && this.consoleAddress);
    if (url === undefined || url === '') return;
    const param = extra?.['callback.param'];
    const entries = this.#due.get(url) ?? new Map<string, Entry>();
    this.#due.set(url, entries);
    entries.set(taskId, {
      ...(param !== undefined && { param }),
      targets: regId,
      ackTime: Date.now(),
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
      const body = JSON.stringify(Object.fromEntries(entries));
      this.#posts.post(url, body, { 'content-type': 'application/json' });
    }
    this.#due.clear();
  }
}
