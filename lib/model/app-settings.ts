import type { DailyWindow, Platform } from './account';
import type { JsonObject } from './json-of';
import type { MessageType } from './message-event';
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
  /** Language of texts for devices and accounts that name none that there are texts in. */
  readonly language: string;
  /** Time zone of do-not-disturb windows that name none, on devices that name none. */
  readonly timeZone: string;
  /** Texts by language (`zh`, `en`, `zh-Hant`); those not given are the shipped ones. */
  readonly texts: Readonly<Record<string, Texts>>;
  /** What is shown where details are hidden, by the name a device gives (`textSet`), then by language. */
  readonly textSets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By name of the class; `call` and `im` are used by the type of the message. */
  readonly classes: Readonly<Record<string, ClassSettings>>;
  /** What happens to a `pushPayload` that some vendor would refuse. */
  readonly invalidPayload: 'refuse' | 'strip';
  /** Whether pushes count on the app's icon. */
  readonly badge: boolean;
  /** Whether what is shown is kept in mind, so that it can be withdrawn once it is read elsewhere. */
  readonly withdrawRead: boolean;
  /** Whether many messages of one conversation that wait for one device become one notification. */
  readonly mergeWaiting: boolean;
  /** What becomes of a push there is no quota for: it goes another way, or not at all, or waits. Calls never wait. */
  readonly quotaUsedUp: 'other-channel' | 'drop' | 'hold';
  /** For devices connected in the background: pushed to unless they acknowledge in so many milliseconds; 0 never. */
  readonly pushIfUnackedMs: number;
  /** Platforms that count as desktop for users who want no pushes while one is connected. */
  readonly desktopPlatforms: readonly Platform[];
  /** `shadow` decides and tells but never sends; `canary` sends for some accounts. */
  readonly mode: 'live' | 'shadow' | 'canary';
  /** How many of 100 accounts `canary` sends for. */
  readonly canaryPercent: number;
  /** Asked before pushes go out, where one is set. */
  readonly hook?: PrePushHook;
  /** What a logout that NIM's copies tell of means: most of them are lost connections. */
  readonly nimLogoutCopy: 'disconnect' | 'logout';
}

/** What changes: each setting that is named is replaced whole, and a webhook of null is taken away. */
export type AppSettingsChange = Partial<Omit<AppSettings, 'hook'>> & {
  readonly hook?: PrePushHook | null;
};

/** Texts of one language; each key is described in docs/texts.md. */
export type Texts = Readonly<Partial<Record<TextKey, string>>>;

export const TEXT_KEYS = [
  'text',
  'image',
  'audio',
  'video',
  'location',
  'file',
  'tip',
  'call',
  'custom',
  'call-audio',
  'call-video',
  'modified',
  'modified-audio',
  'modified-video',
  'modified-location',
  'modified-file',
  'mention',
  'mention-all',
  'hidden-title',
  'hidden',
  'recall',
  'stack',
] as const satisfies readonly (MessageType | string)[];
export type TextKey = (typeof TEXT_KEYS)[number];

/** What the app sets for all messages of one class, whatever vendor they go through. */
export interface ClassSettings {
  readonly sound?: boolean;
  readonly vibration?: boolean;
  /** A channel the app itself makes on Android phones. */
  readonly channelId?: string;
  /** One notification a message, or one a conversation. */
  readonly collapse?: 'message' | 'conversation';
  /** Of a collapsed conversation: how often it makes itself heard at most. */
  readonly alertEverySeconds?: number;
  /** The same members as a message's `pushPayload` has, each used where the message has none. */
  readonly payload?: JsonObject;
}

/** A webhook of the app that may change texts and recipients. */
export interface PrePushHook {
  readonly url: string;
  /** What happens when it does not answer in time, or not as it should. */
  readonly onFailure: 'send' | 'drop';
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
  /** Messages a day, by the vendor's class of messages. */
  readonly dailyTotals?: Readonly<Record<string, number>>;
  /** Messages a day for one device, by the vendor's class of messages. */
  readonly perDeviceDaily?: Readonly<Record<string, number>>;
  /** When the vendor takes none, by its class of messages; 00:00 to 00:00 is never. In the vendor's time zone if they name none. */
  readonly quietHours?: Readonly<Record<string, DailyWindow>>;
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
  language: 'zh',
  timeZone: 'Asia/Shanghai',
  texts: {},
  textSets: {},
  classes: {},
  invalidPayload: 'refuse',
  badge: true,
  withdrawRead: false,
  mergeWaiting: false,
  quotaUsedUp: 'other-channel',
  pushIfUnackedMs: 0,
  desktopPlatforms: ['windows', 'macos', 'linux', 'web'],
  mode: 'live',
  canaryPercent: 10,
  nimLogoutCopy: 'disconnect',
};

/** Classes every app has unless it sets its own of the same name: the channels NIM's Android SDK makes on phones. */
export const SHIPPED_CLASSES: Readonly<Record<string, ClassSettings>> = {
  nim_message_channel_001: {
    channelId: 'nim_message_channel_001',
    sound: true,
    vibration: true,
  },
  nim_message_channel_002: {
    channelId: 'nim_message_channel_002',
    sound: false,
    vibration: false,
  },
  nim_message_channel_003: {
    channelId: 'nim_message_channel_003',
    sound: true,
    vibration: false,
  },
  nim_message_channel_004: {
    channelId: 'nim_message_channel_004',
    sound: false,
    vibration: true,
  },
};
