/** Times of the last `windowMs`; a time exactly `windowMs` old is out. */
class SlidingLog {
  #times: number[] = [];
  #head = 0;

  add(nowMs: number, units: number): void {
    for (let unit = 0; unit < units; unit++) this.#times.push(nowMs);
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

  /** Time of the entry at this place, the oldest first. */
  at(place: number): number | undefined {
    return this.#times[this.#head + place];
  }

  clear(): void {
    this.#times = [];
    this.#head = 0;
  }
}

/**
 * A vendor's rate limit as a strict sliding window: at no instant have more than `limit` units (requests, or
 * tokens where the vendor counts those) been admitted in the window that ends there. Refused ones do not count.
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
  admit(nowMs: number, units = 1): boolean {
    this.#seen.add(nowMs, units);
    this.#maxSeen = Math.max(this.#maxSeen, this.#seen.sizeAt(nowMs, this.#windowMs));
    if (this.#admitted.sizeAt(nowMs, this.#windowMs) + units > this.limit) return false;
    this.#admitted.add(nowMs, units);
    return true;
  }

  /** How long until a request of so many units would be admitted. */
  waitMs(nowMs: number, units = 1): number {
    const over = this.#admitted.sizeAt(nowMs, this.#windowMs) + units - this.limit;
    if (over <= 0) return 0;
    // in this order no rounding makes it more than the window
    return this.#windowMs - (nowMs - (this.#admitted.at(over - 1) ?? nowMs));
  }

  /** The most units seen in any window, refused ones included. */
  get maxSeen(): number {
    return this.#maxSeen;
  }

  clear(): void {
    this.#admitted.clear();
    this.#seen.clear();
    this.#maxSeen = 0;
  }
}
