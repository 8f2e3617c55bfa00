export interface ReceiptCounts {
  /** Posts answered with 200. */
  readonly receiptPosts: number;
  /** Posts that failed; the vendor forgets them all the same. */
  readonly receiptPostsFailed: number;
}

/** Posts receipts, each once, whatever the answer, and counts them. */
export class ReceiptPosts {
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #posts = 0;
  #failures = 0;

  /** Sends one post; never throws. */
  post(
    url: string,
    body: string | URLSearchParams,
    headers: Readonly<Record<string, string>>,
  ): void {
    const post = this.#send(url, body, headers);
    this.#underWay.add(post);
    void post.finally(() => this.#underWay.delete(post));
  }

  counts(): ReceiptCounts {
    return { receiptPosts: this.#posts, receiptPostsFailed: this.#failures };
  }

  resetCounts(): void {
    this.#posts = this.#failures = 0;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  async #send(
    url: string,
    body: string | URLSearchParams,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(10_000)]);
      const response = await fetch(url, { method: 'POST', body, headers, signal });
      await response.arrayBuffer();
      if (response.status === 200) this.#posts++;
      else this.#failures++;
    } catch {
      this.#failures++;
    }
  }
}
