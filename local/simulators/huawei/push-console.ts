import * as v from 'valibot';
import { DayCounts } from '../china-day';
import type { CallbackCredentials, CallbackKeyStyle } from './callback-signature';

/**
 * What a phone may report of a message.
 * Source: developer.huawei.com, HMSCore-Guides/msg-receipt-guide-0000001050040176 and harmonyos-guides/push-msg-receipt.
 */
export const RECEIPT = {
  delivered: 0,
  uninstalled: 2,
  muted: 6,
  limited: 102,
  categoryLimited: 256,
} as const;

const RESULTS = [
  0, 2, 5, 6, 10, 14, 15, 22, 27, 31, 51, 102, 144, 151, 155, 156, 158, 188, 191, 201, 256, 259,
  261, 262, 264, 265, 268, 269,
] as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tokens = v.optional(v.array(v.string()));
const quota = v.optional(v.nullable(count));

/** The part of a control call that concerns what is set in AppGallery Connect, and the state of phones. */
export const consoleControl = {
  /** Callback user and secret; receipts are signed when both are there. */
  receiptUser: v.optional(v.nullable(v.string())),
  receiptSecret: v.optional(v.nullable(v.string())),
  /** Whether the secret is Base64 (newer configurations) or text (older ones); default decoded. */
  receiptKey: v.optional(v.picklist(['decoded', 'utf8'])),
  /** Further receipt addresses, by receipt id. */
  receiptAddresses: v.optional(v.record(v.string(), v.string())),
  /** Phones that report 2, besides tokens that start with `uninstalled-`. */
  uninstalledTokens: tokens,
  /** Phones that report 6 for notifications, besides tokens that start with `muted-`. */
  mutedTokens: tokens,
  /** What these phones report, by token, instead of 0. */
  receiptResults: v.optional(v.record(v.string(), v.picklist(RESULTS))),
  /** Messages per phone and day, of all kinds (3,000) and marketing only (2); null: no limit. */
  perDeviceQuota: v.optional(v.strictObject({ all: quota, marketing: quota })),
  /** Requests with test messages per day; null: no limit. */
  dailyQuota: v.optional(v.strictObject({ test: quota })),
  /** Categories the app may use; a message of another one is marketing. Null: all. */
  categories: v.optional(v.nullable(v.array(v.string()))),
};

const consoleChange = v.object(consoleControl);
export type ConsoleChange = v.InferOutput<typeof consoleChange>;

/** Source: developer.huawei.com, harmonyos-guides/push-faq-5 (marketing: 2 a day, news apps 5); all: 3,000. */
const PER_DEVICE = { all: 3_000, marketing: 2 };

/** A message on its way to a phone, as far as limits care. */
export interface LimitedMessage {
  readonly visible: boolean;
  readonly marketing: boolean;
  /** A test message is outside the limits per device, while the day's test messages last. */
  readonly test: 'none' | 'allowed' | 'used-up';
  /** Limits of its own, as the card's of a form update: `key` tells one from another. */
  readonly own?: { readonly key: string; readonly perDay: number };
}

/** The settings of an app in AppGallery Connect, its counts of the day, and what its phones report. */
export class PushConsole {
  /** The app's receipt address. */
  receiptAddress: string | undefined;
  readonly #testsPerDay: number;
  readonly #counts = new DayCounts();
  #receiptAddresses: Readonly<Record<string, string>> = {};
  #callback: { user: string; secret: string; keyStyle: CallbackKeyStyle };
  #uninstalled: ReadonlySet<string> = new Set();
  #muted: ReadonlySet<string> = new Set();
  #results: ReadonlyMap<string, number> = new Map();
  #perDevice = PER_DEVICE;
  #tests: number;
  #categories: ReadonlySet<string> | undefined;

  /** `testsPerDay` is the API's own limit of test messages. */
  constructor(testsPerDay: number) {
    this.#testsPerDay = this.#tests = testsPerDay;
    this.#callback = { user: '', secret: '', keyStyle: 'decoded' };
  }

  apply(change: ConsoleChange): void {
    const { receiptUser, receiptSecret, receiptKey, perDeviceQuota, dailyQuota } = change;
    if (receiptUser !== undefined) this.#callback.user = receiptUser ?? '';
    if (receiptSecret !== undefined) this.#callback.secret = receiptSecret ?? '';
    if (receiptKey !== undefined) this.#callback.keyStyle = receiptKey;
    if (change.receiptAddresses !== undefined) this.#receiptAddresses = change.receiptAddresses;
    if (change.uninstalledTokens !== undefined)
      this.#uninstalled = new Set(change.uninstalledTokens);
    if (change.mutedTokens !== undefined) this.#muted = new Set(change.mutedTokens);
    if (change.receiptResults !== undefined) {
      this.#results = new Map(Object.entries(change.receiptResults));
    }
    if (perDeviceQuota !== undefined) {
      const { all, marketing } = perDeviceQuota;
      this.#perDevice = {
        all: all === undefined ? this.#perDevice.all : (all ?? Infinity),
        marketing: marketing === undefined ? this.#perDevice.marketing : (marketing ?? Infinity),
      };
    }
    if (dailyQuota?.test !== undefined) this.#tests = dailyQuota.test ?? Infinity;
    if (change.categories !== undefined) {
      this.#categories = change.categories === null ? undefined : new Set(change.categories);
    }
  }

  /** Ends all settings but the receipt address, and forgets the counts of the day. */
  reset(): void {
    this.#receiptAddresses = {};
    this.#callback = { user: '', secret: '', keyStyle: 'decoded' };
    this.#uninstalled = this.#muted = new Set();
    this.#results = new Map();
    this.#perDevice = PER_DEVICE;
    this.#tests = this.#testsPerDay;
    this.#categories = undefined;
    this.#counts.clear();
  }

  /** What receipts are signed with: only if both are configured. */
  get callbackCredentials(): CallbackCredentials | undefined {
    const { user: userName, secret, keyStyle } = this.#callback;
    return userName === '' || secret === '' ? undefined : { userName, secret, keyStyle };
  }

  knowsReceiptId(id: string): boolean {
    return id in this.#receiptAddresses;
  }

  /** Where the receipts of a message go. */
  receiptUrl(receiptId: string | undefined): string | undefined {
    return receiptId === undefined ? this.receiptAddress : this.#receiptAddresses[receiptId];
  }

  /** A message without a category, or of one that is not granted, is marketing (harmonyos-guides/push-faq-5). */
  isMarketing(category: string | undefined): boolean {
    if (category === undefined || category === 'MARKETING') return true;
    return this.#categories !== undefined && !this.#categories.has(category);
  }

  /** Counts a request with a test message; false when the day's are used up. */
  takeTest(now: number): boolean {
    return this.#take('test', now) <= this.#tests;
  }

  /**
   * What becomes of a message on a phone. Every request counts, shown or not, and test messages are outside the
   * limits per device (harmonyos-references/push-msg-freq-control).
   */
  resultOf(token: string, message: LimitedMessage, now: number): number {
    const limited = this.#findLimit(token, message, now);
    return limited ?? this.#results.get(token) ?? this.#stateOf(token, message.visible);
  }

  #findLimit(token: string, message: LimitedMessage, now: number): number | undefined {
    const { own } = message;
    if (message.test !== 'none') {
      return message.test === 'used-up' ? RECEIPT.categoryLimited : undefined;
    }
    const all = this.#take(`all\n${token}`, now);
    const marketing = message.marketing ? this.#take(`marketing\n${token}`, now) : 0;
    const ofOwn = own === undefined ? 0 : this.#take(`${own.key}\n${token}`, now);
    if (all > this.#perDevice.all) return RECEIPT.limited;
    return marketing > this.#perDevice.marketing || ofOwn > (own?.perDay ?? 0)
      ? RECEIPT.categoryLimited
      : undefined;
  }

  /** Counts one more and answers how many it are today. */
  #take(key: string, now: number): number {
    this.#counts.add(key, 1, now);
    return this.#counts.count(key, now);
  }

  #stateOf(token: string, visible: boolean): number {
    if (token.startsWith('uninstalled-') || this.#uninstalled.has(token))
      return RECEIPT.uninstalled;
    const muted = token.startsWith('muted-') || this.#muted.has(token);
    return muted && visible ? RECEIPT.muted : RECEIPT.delivered;
  }
}
