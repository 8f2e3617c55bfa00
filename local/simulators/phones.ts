import { Ring } from './ring';

/** A notification as a vendor hands it to a phone. */
export interface Delivery {
  readonly vendor: string;
  readonly token: string;
  readonly package: string;
  readonly messageId: string;
  /** Absent for a message that only the app sees. */
  readonly notification?: {
    readonly title: string;
    readonly body: string;
    /** Xiaomi: replaces the entry with the same id. */
    readonly notifyId?: number;
    /** FCM: replaces the entry with the same tag. */
    readonly tag?: string;
    /** Xiaomi: only the first message of one key is shown. */
    readonly jobkey?: string;
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
  readonly jobkey?: string;
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

const KEEP_TRAY = 10_000;

interface Phone {
  readonly tray: Map<string, TrayEntry>;
  readonly jobkeys: Set<string>;
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

  deliver(delivery: Delivery): Effect {
    const at = Date.now();
    const phone = this.#phone(delivery.token);
    const effect = this.#show(phone, delivery, at);
    const { vendor, messageId, fields } = delivery;
    if (this.#keepArrivals > 0) phone.arrivals.push({ at, vendor, messageId, effect, fields });
    if (effect === 'replaced' || effect === 'dropped') phone.repeats++;
    this.#effects[effect]++;
    return effect;
  }

  /** Takes a shown Xiaomi notification back; false when it is not in the tray. */
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
      jobkeys: new Set(),
      arrivals: new Ring(this.#keepArrivals),
      repeats: 0,
      withdrawn: 0,
    };
    this.#phones.set(token, phone);
    if (this.#phones.size > this.#keepPhones) forgetOldest(this.#phones);
    return phone;
  }

  #show(phone: Phone, delivery: Delivery, shownAt: number): Effect {
    const { notification, vendor, messageId } = delivery;
    if (notification === undefined) return 'silent';
    const { jobkey } = notification;
    if (jobkey !== undefined) {
      const seen = `${delivery.package}\n${jobkey}`;
      if (phone.jobkeys.has(seen)) return 'dropped';
      phone.jobkeys.add(seen);
      if (phone.jobkeys.size > KEEP_TRAY) forgetOldest(phone.jobkeys);
    }
    const key = trayKey(delivery) ?? `entry\n${this.#entries++}`;
    const replaced = phone.tray.delete(key);
    phone.tray.set(key, {
      ...notification,
      vendor,
      package: delivery.package,
      messageId,
      shownAt,
    });
    if (phone.tray.size > KEEP_TRAY) forgetOldest(phone.tray);
    return replaced ? 'replaced' : 'shown';
  }
}

/** What a later notification must share to take this one's place; undefined: each stands alone. */
function trayKey({ notification, vendor, package: packageName }: Delivery): string | undefined {
  if (notification?.notifyId !== undefined) return notifyIdKey(packageName, notification.notifyId);
  return notification?.tag === undefined
    ? undefined
    : `${vendor}\n${packageName}\ntag\n${notification.tag}`;
}

function notifyIdKey(packageName: string, notifyId: number): string {
  return `${packageName}\nnotify-id\n${notifyId}`;
}

function forgetOldest(collection: Map<string, unknown> | Set<string>): void {
  const oldest = collection.keys().next();
  if (!oldest.done) collection.delete(oldest.value);
}
