import { type ReceiptCounts, ReceiptPosts } from '../receipt-posts';

/** Phones that showed one message. */
export interface ReceiptReport {
  /** URL the message asked its receipts to go to. */
  readonly callback: string;
  readonly messageId: string;
  readonly param: string;
  readonly targets: readonly string[];
}

interface Entry {
  readonly param: string;
  /** 1: delivered. Nobody clicks here, so 2 never comes. */
  readonly type: 1;
  readonly targets: readonly string[];
}

export interface MeizuReceiptCounts extends ReceiptCounts {
  /** Receipts that went nowhere because their address is not registered in the console. */
  readonly receiptsUnregistered: number;
}

/** "单个应用注册不同回执地址累计上限不能超过100个" */
const MAX_ADDRESSES = 100;

/**
 * Collects what was delivered and posts it about once a second, each address its own, only once.
 * Source: github.com/MEIZUPUSH/PushAPI, README, "消息送达与回执"; the order of the fields and the header are those of
 * the captured request in the README of github.com/MEIZUPUSH/JavaSdk.
 */
export class Receipts {
  /** The token set beside the address in the console. */
  accessToken: string;
  readonly #delayMs: number;
  readonly #addresses = new Set<string>();
  readonly #waiting = new Map<string, Map<string, Entry>>();
  readonly #posts = new ReceiptPosts();
  #timer: NodeJS.Timeout | undefined;
  #unregistered = 0;

  constructor(delayMs: number, accessToken: string) {
    this.#delayMs = delayMs;
    this.accessToken = accessToken;
  }

  /** Registers an address in the console. */
  register(url: string): void {
    if (this.#addresses.size >= MAX_ADDRESSES && !this.#addresses.has(url)) {
      throw new RangeError(`an app has at most ${MAX_ADDRESSES} receipt addresses`);
    }
    this.#addresses.add(url);
  }

  add({ callback, messageId, param, targets }: ReceiptReport): void {
    if (!this.#addresses.has(callback)) {
      this.#unregistered++;
      return;
    }
    const entries = this.#waiting.get(callback) ?? new Map<string, Entry>();
    this.#waiting.set(callback, entries);
    entries.set(`${messageId}-1`, { param, type: 1, targets });
    this.#timer ??= setTimeout(() => this.#flush(), this.#delayMs);
  }

  counts(): MeizuReceiptCounts {
    return { ...this.#posts.counts(), receiptsUnregistered: this.#unregistered };
  }

  resetCounts(): void {
    this.#posts.resetCounts();
    this.#unregistered = 0;
  }

  /** Drops what was not posted yet and ends what is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    await this.#posts.close();
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [callback, entries] of this.#waiting) {
      const cb = JSON.stringify(Object.fromEntries(entries));
      const body = new URLSearchParams({ access_token: this.accessToken, cb });
      const type = 'application/x-www-form-urlencoded; charset=UTF-8';
      this.#posts.post(callback, body, { 'content-type': type });
    }
    this.#waiting.clear();
  }
}
