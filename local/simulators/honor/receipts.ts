import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';

/** One phone's part in a receipt, in the form github.com/doopush/doopush saw from Honor. */
export interface HonorStatus {
  readonly biTag?: string;
  readonly appid: string;
  readonly token: string;
  readonly status: number;
  readonly timestamp: number;
  readonly requestId: string;
}

/** The message reached the phone (github.com/doopush/doopush). */
export const DELIVERED = 40_000_002;

const MAX_STATUSES = 1_000;

/** Collects what happened to phones for a moment and posts it to the address in the vendor's console. */
export class Receipts {
  /** Undefined: nobody is told. */
  address: string | undefined;
  readonly #delayMs: number;
  readonly #posts = new ReceiptPosts();
  #statuses: HonorStatus[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  add(statuses: readonly HonorStatus[]): void {
    if (this.address === undefined || statuses.length === 0) return;
    this.#statuses.push(...statuses);
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
    await this.#posts.close();
  }

  #flush(): void {
    this.#timer = undefined;
    const due = this.#statuses;
    this.#statuses = [];
    for (let from = 0; from < due.length && this.address !== undefined; from += MAX_STATUSES) {
      const body = JSON.stringify({ statuses: due.slice(from, from + MAX_STATUSES) });
      this.#posts.post(this.address, body, { 'content-type': 'application/json; charset=UTF-8' });
    }
  }
}
