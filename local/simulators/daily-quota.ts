const DAY_MS = 86_400_000;
/** The vendors' day begins at midnight in China, which has no daylight saving time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** How many messages an app may have delivered in one day. */
export class DailyQuota {
  /** Undefined: no limit. */
  total: number | undefined;
  #day = 0;
  #delivered = 0;

  constructor(total: number | undefined) {
    this.total = total;
  }

  /** Messages delivered since midnight in China. */
  delivered(now: number): number {
    const day = Math.floor((now + CHINA_OFFSET_MS) / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#delivered = 0;
    }
    return this.#delivered;
  }

  isUsedUp(now: number): boolean {
    return this.total !== undefined && this.delivered(now) >= this.total;
  }

  add(delivered: number, now: number): void {
    this.#delivered = this.delivered(now) + delivered;
  }

  clear(): void {
    this.#delivered = 0;
  }
}
