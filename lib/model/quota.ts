import type { DailyWindow } from './account';
import type { MessageClass } from './app-settings';
import type { Notification } from './notification';
import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

/** What a vendor says about how much an app may send, beside its rate. */
export interface VendorQuotas {
  /** Whose midnight ends the vendor's day. */
  readonly timeZone: string;
  /** What the vendor counts: `accepted` messages, or all that are asked for, those it refuses included. */
  readonly counts: 'accepted' | 'requests';
  /** By the vendor's own classes of messages, as its `quotaClassOf` names them. */
  readonly classes: Readonly<Record<string, ClassQuota>>;
}

/** What is published about one class of messages. */
export interface ClassQuota {
  /** Messages of the app a day. Where it hangs on how many devices are registered, only a certificate can state it. */
  readonly dailyTotal?: number | PerRegisteredDevice;
  /** Messages for one device a day. */
  readonly perDeviceDaily?: number;
  /**
   * `perDeviceDaily` holds only where a certificate states its own: sources contradict each other, or it is so high that
   * counting every chat message would cost more than it is worth.
   */
  readonly onlyIfStated?: true;
  /** When the vendor takes none. */
  readonly quietHours?: DailyWindow;
  /** How fast one device may be pushed to. */
  readonly deviceRates?: readonly DeviceRate[];
  readonly source: string;
  /** ISO date. */
  readonly checkedOn: string;
}

/** So many times the registered devices with notifications on, but never fewer than `atLeast`. */
export interface PerRegisteredDevice {
  readonly perRegisteredDevice: number;
  readonly atLeast?: number;
}

/** So many in so many seconds; or so many at once, and one more every `refillSeconds`. */
export type DeviceRate =
  | { readonly limit: number; readonly seconds: number }
  | { readonly burst: number; readonly refillSeconds: number };

/** What holds for one class of messages of one certificate. */
export interface Quota {
  readonly dailyTotal?: number;
  readonly perDeviceDaily?: number;
  readonly quietHours?: DailyWindow;
  readonly deviceRates: readonly DeviceRate[];
}

/** The class a vendor will count a notification in; undefined for one that it counts in none. */
export type QuotaClassOf = (
  notification: Notification,
  messageClass: MessageClass | undefined,
) => string | undefined;

/** Why a target may not be sent to: the day's total, the device's share of a day or of minutes, or the hours of the class. */
export type QuotaCode = 'quota-daily' | 'quota-device' | 'quota-device-rate' | 'quiet-hours';

/** There is no quota for a target. */
export interface QuotaRefusal {
  readonly code: QuotaCode;
  readonly text: string;
  /** Before then there will be none. */
  readonly until: EpochMs;
}

/** One class of messages of one certificate. */
export interface CountedClass {
  readonly vendor: VendorId;
  readonly appKey: string;
  readonly certificate: string;
  readonly quotaClass: string;
}

/** What is counted together: a class in a day, or one token of it in a day or a shorter window. */
export interface QuotaCounter {
  readonly of: CountedClass;
  /** The day, or the window: counts of different ones have nothing to do with each other. */
  readonly period: string;
  readonly token?: string;
  /** After that nobody asks for the count. */
  readonly keepUntil: EpochMs;
}

/** Nothing of a class is sent between these. */
export interface QuotaPause {
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/** What all containers count together. */
export interface QuotaStore {
  /**
   * Takes as many of `wanted` as `limit` leaves, and answers how many. A take whose answer is lost may be counted twice.
   *
   * @param earlierAt when another sender may have begun to take for the same. Where anything was taken since, that may have been it:
   * then all is counted, if need be beyond the limit
   */
  take(counter: QuotaCounter, wanted: number, limit: number, earlierAt?: EpochMs): Promise<number>;
  /** Gives back what was taken and not used; where that fails it may be lost, but is never given back twice. */
  giveBack(counter: QuotaCounter, units: number): Promise<void>;
  /** The pause of a class, as known at most `maxAgeMs` ago; undefined if there is none now. */
  pauseOf(of: CountedClass, maxAgeMs: number): Promise<QuotaPause | undefined>;
  /** Pauses a class in all containers, as soon as each looks. */
  pause(of: CountedClass, until: EpochMs): Promise<void>;
}
