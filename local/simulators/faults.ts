import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));

/** The part of a control call that all simulators share; what is left out stays as it is. */
export const commonControl = {
  /** So many of the next requests fail. */
  failNext: v.optional(count),
  /** How they fail: an HTTP status … */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  retryAfterSeconds: v.optional(count),
  /** … and the vendor's own words. */
  reason: v.optional(v.string()),
  /** Delay of every answer; two numbers are a range to draw from. */
  latencyMs: v.optional(v.union([milliseconds, v.tuple([milliseconds, milliseconds])])),
  /** So many of the next requests are carried out, then the connection is closed without an answer. */
  dropAfterAccept: v.optional(count),
  /** Tokens of phones without the app, besides those that start with `dead-`. */
  deadTokens: v.optional(v.array(v.string())),
  /** Requests per second; null: no limit. */
  ratePerSecond: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))),
};

/** A failure a test or a person asked for. `code` is the vendor's. */
export interface InjectedFailure {
  readonly status: number;
  readonly code?: string;
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
}

export interface FaultSettings {
  readonly failNext?: number | undefined;
  readonly status?: number | undefined;
  readonly code?: string | number | undefined;
  readonly reason?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly latencyMs?: number | readonly [number, number] | undefined;
  readonly dropAfterAccept?: number | undefined;
  readonly deadTokens?: readonly string[] | undefined;
}

/** The faults of one simulator, as set through its control. */
export class Faults {
  #failNext = 0;
  #failure: InjectedFailure = { status: 503 };
  #drops = 0;
  #latency: readonly [number, number] = [0, 0];
  #dead: ReadonlySet<string> = new Set();

  apply(change: FaultSettings): void {
    if (change.failNext !== undefined) {
      const { code, reason, retryAfterSeconds } = change;
      this.#failNext = change.failNext;
      this.#failure = {
        status: change.status ?? (code === undefined ? 503 : 200),
        ...(code !== undefined && { code: String(code) }),
        ...(reason !== undefined && { reason }),
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      };
    }
    if (change.dropAfterAccept !== undefined) this.#drops = change.dropAfterAccept;
    if (change.deadTokens !== undefined) this.#dead = new Set(change.deadTokens);
    if (change.latencyMs !== undefined) {
      const { latencyMs } = change;
      this.#latency = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
    }
  }

  takeFailure(): InjectedFailure | undefined {
    if (this.#failNext === 0) return undefined;
    this.#failNext--;
    return this.#failure;
  }

  takeDrop(): boolean {
    if (this.#drops === 0) return false;
    this.#drops--;
    return true;
  }

  isDead(token: string): boolean {
    return token.startsWith('dead-') || this.#dead.has(token);
  }

  latencyMs(): number {
    const [from, to] = this.#latency;
    return from + Math.random() * (to - from);
  }

  clear(): void {
    this.#failNext = 0;
    this.#drops = 0;
    this.#latency = [0, 0];
    this.#dead = new Set();
  }
}
