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

export interface ReceiptCounts {
  /** Posts answered with 200. */
  readonly receiptPosts: number;
  /** Posts that failed; the vendor forgets them all the same. */
  readonly receiptPostsFailed: number;
}

const MAX_ENTRIES = 500;

/**
 * Collects reports for a moment and posts them, one JSON object per address keyed by message id; as the
 * vendor does, each is posted once, whatever the answer.
 */
export class Receipts {
  readonly #delayMs: number;
  readonly #batches = new Map<string, Batch[]>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #posts = 0;
  #failures = 0;

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
    return { receiptPosts: this.#posts, receiptPostsFailed: this.#failures };
  }

  resetCounts(): void {
    this.#posts = this.#failures = 0;
  }

  /** Drops what was not posted yet and ends what is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#batches.clear();
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [callback, batches] of this.#batches) {
      for (const batch of batches) {
        const post = this.#post(callback, batch);
        this.#underWay.add(post);
        void post.finally(() => this.#underWay.delete(post));
      }
    }
    this.#batches.clear();
  }

  async #post(callback: string, batch: Batch): Promise<void> {
    try {
      const response = await fetch(callback, {
        method: 'POST',
        body: new URLSearchParams({ data: JSON.stringify(Object.fromEntries(batch)) }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(10_000)]),
      });
      await response.arrayBuffer();
      if (response.status === 200) this.#posts++;
      else this.#failures++;
    } catch {
      this.#failures++;
    }
  }
}
