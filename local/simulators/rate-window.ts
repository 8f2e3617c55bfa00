/** Times of the last `windowMs`; a time exactly `windowMs` old is out. */
class SlidingLog {
  #times: number[] = [];
  #head = 0;

  add(nowMs: number): void {
    this.#times.push(nowMs);
  }

  /** Forgets what is out of the window and answers how many are left. */
  sizeAt(nowMs: number, windowMs: number): number {
    const edge = nowMs - windowMs;
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= edge) this.#head++;
    if (this.#head > 4_096 && this.#head * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return this.#times.length - this.#head;
  }

  oldest(): number | undefined {
    return this.#times[this.#head];
  }

  clear(): void {
    this.#times = [];
    this.#head = 0;
  }
}

/**
 * A vendor's rate limit as a strict sliding window: at no instant have more than `limit` requests
 * been admitted in the window that ends there. Refused requests do not count towards the limit.
 */
export class RateWindow {
  limit: number;
  readonly #windowMs: number;
  readonly #admitted = new SlidingLog();
  readonly #seen = new SlidingLog();
  #maxSeen = 0;

  constructor(limit: number, windowMs = 1_000) {
    this.limit = limit;
    this.#windowMs = windowMs;
  }

  /** Whether a request that arrived at `nowMs` is within the limit. Times must not go backwards. */
  admit(nowMs: number): boolean {
    this.#seen.add(nowMs);
    this.#maxSeen = Math.max(this.#maxSeen, this.#seen.sizeAt(nowMs, this.#windowMs));
    if (this.#admitted.sizeAt(nowMs, this.#windowMs) >= this.limit) return false;
    this.#admitted.add(nowMs);
    return true;
  }

  /** How long until the next request would be admitted. */
  waitMs(nowMs: number): number {
    if (this.#admitted.sizeAt(nowMs, this.#windowMs) < this.limit) return 0;
    return (this.#admitted.oldest() ?? nowMs) + this.#windowMs - nowMs;
  }

  /** The most requests seen in any window, refused ones included. */
  get maxSeen(): number {
    return this.#maxSeen;
  }

  clear(): void {
    this.#admitted.clear();
    this.#seen.clear();
    this.#maxSeen = 0;
  }
}
