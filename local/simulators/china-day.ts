const DAY_MS = 86_400_000;
/** Vendors' days begin at midnight in China, which has no daylight saving time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** The hour of day in China, 0 to 23. */
export function chinaHour(now: number): number {
  return Math.floor(((now + CHINA_OFFSET_MS) % DAY_MS) / 3_600_000);
}

/** Counts of one day in China, each under a key: a class of messages, a phone. */
export class DayCounts {
  readonly #counts = new Map<string, number>();
  #day = 0;

  count(key: string, now: number): number {
    const day = Math.floor((now + CHINA_OFFSET_MS) / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#counts.clear();
    }
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, units: number, now: number): void {
    this.#counts.set(key, this.count(key, now) + units);
  }

  /** Whether so many more are within the limit; undefined is none. */
  hasRoom(key: string, units: number, limit: number | undefined, now: number): boolean {
    return limit === undefined || this.count(key, now) + units <= limit;
  }

  clear(): void {
    this.#counts.clear();
  }
}
