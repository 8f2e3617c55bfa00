import { RateWindow } from './rate-window';

/** Keys that are remembered; the one seen first is forgotten first. */
const KEEP = 100_000;

/** A rate limit for each of many keys, such as phones. */
export class RateWindows {
  readonly #windowMs: number;
  readonly #windows = new Map<string, RateWindow>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Whether one more for this key is within the limit; undefined is none. */
  admit(key: string, limit: number | undefined, nowMs: number): boolean {
    if (limit === undefined) return true;
    const window = this.#windows.get(key) ?? new RateWindow(limit, this.#windowMs);
    window.limit = limit;
    this.#windows.set(key, window);
    if (this.#windows.size > KEEP) {
      const oldest = this.#windows.keys().next();
      if (!oldest.done) this.#windows.delete(oldest.value);
    }
    return window.admit(nowMs);
  }

  clear(): void {
    this.#windows.clear();
  }
}
