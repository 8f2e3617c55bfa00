import type { Platform } from './account';
import { VENDOR_IDS, type VendorId } from './vendor-id';

/** What an app key is; being part of keys and of key ids (`appKey.n`) it is short, plain and without a dot. */
export const APP_KEY = /^[A-Za-z0-9_-]{1,64}$/;

/** What an operator may set for one app through `PATCH /v1/app`. */
export interface AppSettings {
  /** When FCM is the recommendation on devices with Google services and an FCM certificate. */
  readonly fcmFirst: 'never' | 'outside-mainland' | 'always';
  /** Order among tokens actually obtained when the recommended vendor gave none. */
  readonly vendorPriority: readonly VendorId[];
  /** Whether a connected device in the background is pushed to, by platform. */
  readonly pushInBackground: Readonly<Partial<Record<Platform, boolean>>>;
  /** What a newer login does to the account's older sessions. */
  readonly multiDevice: 'all' | 'one-per-type' | 'one';
  /** A device unseen for so many days is skipped as stale, then deleted. */
  readonly deviceInactiveDays: number;
  /** How much of each message's story is stored. */
  readonly traceLevel: 'full' | 'failures' | 'off';
  /** Time to live of a message that names none, in seconds. */
  readonly ttlSeconds: number;
}

/** A base address, or one per region of the token or the device. */
export type Endpoint = string | Readonly<Record<string, string>>;

/** A certificate as the rules need it and its owner may see it: no secret in it. */
export interface CertificateEntry {
  readonly name: string;
  readonly vendor: VendorId;
  readonly package?: string;
  /** Path segment of this certificate's receipt address. */
  readonly receiptId: string;
  /** Vendor fields by message class, e.g. `{im: {channelId: '123'}}`. */
  readonly classes?: Readonly<Record<string, MessageClass>>;
  readonly limits?: CertificateLimits;
  readonly endpoint?: Endpoint;
  readonly authEndpoint?: Endpoint;
  /** The vendor's receipts carry a proof, and it is checked. */
  readonly receiptsChecked?: true;
}

/** A vendor's settings for one class of messages. */
export interface MessageClass {
  readonly channelId?: string;
  readonly templateId?: string;
  readonly category?: string;
  /** Template variable → `{nick}`, `{content}`, `{conversation}`, or a text of its own; one may hold several. */
  readonly templateParameters?: Readonly<Record<string, string>>;
  /** The same for the title where a vendor's template has variables there too. */
  readonly titleParameters?: Readonly<Record<string, string>>;
  /** How loudly: the vendor's own number (OPPO `notify_level`). */
  readonly notifyLevel?: number;
  readonly importance?: 'low' | 'normal';
  /** Full class name of the app's first activity: Huawei and Honor show a badge only with it. */
  readonly launcherActivity?: string;
  /** `false` puts messages into the vendor's restricted class for marketing. */
  readonly instantMessaging?: boolean;
}

/** An owner's overrides of a vendor's published limits. */
export interface CertificateLimits {
  readonly ratePerSecond?: number;
}

/** One app with its settings and the directory of its certificates. */
export interface App {
  readonly appKey: string;
  readonly settings: AppSettings;
  readonly certificates: Readonly<Record<string, CertificateEntry>>;
}

/** What applies where an app has set nothing. */
export const DEFAULT_APP_SETTINGS: AppSettings = {
  fcmFirst: 'never',
  vendorPriority: VENDOR_IDS,
  pushInBackground: { ios: true },
  multiDevice: 'all',
  deviceInactiveDays: 270,
  traceLevel: 'full',
  ttlSeconds: 86_400,
};
