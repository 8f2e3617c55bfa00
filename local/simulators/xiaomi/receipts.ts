import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';

/** Something to report about phones of one message. */
export interface ReceiptReport {
  /** URL the message asked its receipts to go to. */
  readonly callback: string;
  readonly messageId: string;
  readonly param?: string | undefined;
  readonly jobkey?: string | undefined;
  /** 1 delivered, 16 target invalid. */
  readonly type: number;
  readonly targets: readonly string[];
}

interface Entry {
  readonly param?: string;
  readonly type: number;
  readonly targets: string;
  readonly jobkey?: string;
  readonly barStatus?: string;
  readonly timestamp: number;
}

/** Message id → what is reported of it: one object as it is posted. */
type Batch = Map<string, Entry>;

const MAX_ENTRIES = 500;

/**
 * Collects reports for a moment and posts them, one JSON object per address keyed by message id; as the
 * vendor does, each is posted once, whatever the answer.
 */
export class Receipts {
  readonly #delayMs: number;
  readonly #batches = new Map<string, Batch[]>();
  readonly #posts = new ReceiptPosts();
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  add({ callback, messageId, param, jobkey, type, targets }: ReceiptReport): void {
    const entry: Entry = {
      ...(param !== undefined && { param }),
      type,
      targets: targets.join(','),
      ...(jobkey !== undefined && { jobkey }),
      ...(type === 1 && { barStatus: 'Enable' }),
      timestamp: Date.now(),
    };
    const batches = this.#batches.get(callback) ?? [];
    this.#batches.set(callback, batches);
    // one object has room for one entry of a message: a second kind goes into the next post
    const batch = batches.find((it) => it.size < MAX_ENTRIES && !it.has(messageId));
    if (batch === undefined) batches.push(new Map([[messageId, entry]]));
    else batch.set(messageId, entry);
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
    this.#batches.clear();
    await this.#posts.close();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [callback, batches] of this.#batches) {
      for (const batch of batches) {
        const body = new URLSearchParams({ data: JSON.stringify(Object.fromEntries(batch)) });
        this.#posts.post(callback, body, { 'content-type': 'application/x-www-form-urlencoded' });
      }
    }
    this.#batches.clear();
  }
}
