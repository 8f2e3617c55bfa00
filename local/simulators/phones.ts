import { Ring } from './ring';

/** A message as a vendor hands it to phones. */
export interface Delivery {
  readonly vendor: string;
  readonly package: string;
  readonly messageId: string;
  /** Absent for a message that only the app sees. */
  readonly notification?: {
    readonly title: string;
    readonly body: string;
    /** Replaces the entry with the same id (Xiaomi `notify_id`, Huawei `notify_id`, …). */
    readonly notifyId?: number;
    /** Replaces the entry with the same tag (FCM `tag`, APNs `apns-collapse-id`, …). */
    readonly tag?: string;
    /** Only the first message of one key is shown (Xiaomi `jobkey`, OPPO `app_message_id`, …). */
    readonly onceKey?: string;
  };
  /** The request's fields, without the list of targets. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What an arrival did to the tray; `replaced` and `dropped` are repeats. */
export type Effect = 'shown' | 'replaced' | 'dropped' | 'silent';

/** One entry of the tray, as the user sees it. */
export interface TrayEntry {
  readonly title: string;
  readonly body: string;
  readonly vendor: string;
  readonly package: string;
  readonly messageId: string;
  readonly notifyId?: number;
  readonly tag?: string;
  readonly onceKey?: string;
  /** Epoch milliseconds; of the newest version if it was replaced. */
  readonly shownAt: number;
}

export interface Arrival {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly vendor: string;
  readonly messageId: string;
  readonly effect: Effect;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface PhoneView {
  readonly token: string;
  /** Oldest first. */
  readonly tray: readonly TrayEntry[];
  /** The last `keepArrivals` of them, oldest first. */
  readonly arrivals: readonly Arrival[];
  /** Arrivals that showed nothing new: they replaced an entry or were dropped. */
  readonly repeats: number;
  /** Entries taken back by the sender. */
  readonly withdrawn: number;
}

/** Sums over all phones since the last `clear`, phones that were forgotten included. */
export interface PhoneTotals {
  readonly phones: number;
  readonly arrivals: number;
  readonly shown: number;
  readonly repeats: number;
  readonly silent: number;
  readonly withdrawn: number;
}

export interface PhonesOptions {
  /** Arrivals kept for each phone; default 100. */
  readonly keepArrivals?: number;
  /** Phones kept; the one that has existed longest is forgotten first. Default 100,000. */
  readonly keepPhones?: number;
}

/** Tray entries and once keys kept for each phone. */
const KEEP_TRAY = 10_000;

interface Phone {
  readonly tray: Map<string, TrayEntry>;
  readonly onceKeys: Set<string>;
  readonly arrivals: Ring<Arrival>;
  repeats: number;
  withdrawn: number;
}

/** The phones behind all simulated vendors. A phone comes to be with the first push to its token. */
export class Phones {
  readonly #phones = new Map<string, Phone>();
  readonly #keepArrivals: number;
  readonly #keepPhones: number;
  #effects: Record<Effect, number> = { shown: 0, replaced: 0, dropped: 0, silent: 0 };
  #withdrawn = 0;
  #entries = 0;

  constructor(options: PhonesOptions = {}) {
    this.#keepArrivals = options.keepArrivals ?? 100;
    this.#keepPhones = options.keepPhones ?? 100_000;
  }

  /** Brings one message to phones; what it did to each tray, in the order of `tokens`. */
  deliver(delivery: Delivery, tokens: readonly string[]): readonly Effect[] {
    const at = Date.now();
    const entry = this.#entry(delivery, at);
    const { vendor, messageId, fields } = delivery;
    return tokens.map((token) => {
      const phone = this.#phone(token);
      const effect = entry === undefined ? 'silent' : show(phone, entry);
      if (this.#keepArrivals > 0) phone.arrivals.push({ at, vendor, messageId, effect, fields });
      if (effect === 'replaced' || effect === 'dropped') phone.repeats++;
      this.#effects[effect]++;
      return effect;
    });
  }

  /** Takes a shown notification with a notify id back; false when it is not in the tray. */
  withdraw(token: string, packageName: string, notifyId: number): boolean {
    const phone = this.#phones.get(token);
    if (!phone?.tray.delete(notifyIdKey(packageName, notifyId))) return false;
    phone.withdrawn++;
    this.#withdrawn++;
    return true;
  }

  /** A phone that never got anything is an empty one. */
  look(token: string): PhoneView {
    const phone = this.#phones.get(token);
    return {
      token,
      tray: [...(phone?.tray.values() ?? [])],
      arrivals: phone?.arrivals.last() ?? [],
      repeats: phone?.repeats ?? 0,
      withdrawn: phone?.withdrawn ?? 0,
    };
  }

  /** Tokens of all phones, the oldest phone first. */
  tokens(): readonly string[] {
    return [...this.#phones.keys()];
  }

  totals(): PhoneTotals {
    const { shown, replaced, dropped, silent } = this.#effects;
    return {
      phones: this.#phones.size,
      arrivals: shown + replaced + dropped + silent,
      shown,
      repeats: replaced + dropped,
      silent,
      withdrawn: this.#withdrawn,
    };
  }

  clear(): void {
    this.#phones.clear();
    this.#effects = { shown: 0, replaced: 0, dropped: 0, silent: 0 };
    this.#withdrawn = 0;
  }

  #phone(token: string): Phone {
    const known = this.#phones.get(token);
    if (known !== undefined) return known;
    const phone: Phone = {
      tray: new Map(),
      onceKeys: new Set(),
      arrivals: new Ring(this.#keepArrivals),
      repeats: 0,
      withdrawn: 0,
    };
    this.#phones.set(token, phone);
    if (this.#phones.size > this.#keepPhones) forgetOldest(this.#phones);
    return phone;
  }

  #entry(delivery: Delivery, shownAt: number): Shown | undefined {
    const { notification, vendor, package: packageName, messageId } = delivery;
    if (notification === undefined) return undefined;
    const { notifyId, tag, onceKey } = notification;
    return {
      key:
        notifyId !== undefined
          ? notifyIdKey(packageName, notifyId)
          : tag !== undefined
            ? `${vendor}\n${packageName}\ntag\n${tag}`
            : `entry\n${this.#entries++}`,
      ...(onceKey !== undefined && { onceKey: `${packageName}\n${onceKey}` }),
      entry: { ...notification, vendor, package: packageName, messageId, shownAt },
    };
  }
}

/** A notification on its way into trays. */
interface Shown {
  /** What a later notification must share to take its place. */
  readonly key: string;
  /** Of all with the same one, only the first is shown. */
  readonly onceKey?: string;
  readonly entry: TrayEntry;
}

function show(phone: Phone, { key, onceKey, entry }: Shown): Effect {
  if (onceKey !== undefined) {
    if (phone.onceKeys.has(onceKey)) return 'dropped';
    phone.onceKeys.add(onceKey);
    if (phone.onceKeys.size > KEEP_TRAY) forgetOldest(phone.onceKeys);
  }
  const replaced = phone.tray.delete(key);
  phone.tray.set(key, entry);
  if (phone.tray.size > KEEP_TRAY) forgetOldest(phone.tray);
  return replaced ? 'replaced' : 'shown';
}

function notifyIdKey(packageName: string, notifyId: number): string {
  return `${packageName}\nnotify-id\n${notifyId}`;
}

function forgetOldest(collection: Map<string, unknown> | Set<string>): void {
  const oldest = collection.keys().next();
  if (!oldest.done) collection.delete(oldest.value);
}
