import type { EpochMs } from './time';
import type { VendorId } from './vendor-id';

export const PLATFORMS = ['android', 'ios', 'harmony', 'windows', 'macos', 'linux', 'web'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Whether the app's user is in the foreground of this device, as last reported. */
export type AppState = 'foreground' | 'background';

/** Login state of one device. Closing the app does not change it. */
export interface Session {
  readonly state: 'logged-in' | 'logged-out' | 'kicked';
  /** When it became so; an older fact never changes it. */
  readonly at: EpochMs;
}

/**
 * Who vouches that a device is connected, so that the claim ends when the witness dies:
 * the phone itself for a lease, an IM server node for as long as it beats, or nobody (never ends).
 */
export type Witness =
  | { readonly kind: 'phone'; readonly until: EpochMs }
  | { readonly kind: 'node'; readonly node: string; readonly epoch?: string }
  | { readonly kind: 'none' };

/** Connection and app state of one device. Losing the connection keeps the app state. */
export interface Presence {
  readonly connected: boolean;
  readonly appState: AppState;
  readonly at: EpochMs;
  readonly witness: Witness;
}

/** One vendor token, stored under the name of the certificate it was registered for. */
export interface RegisteredToken {
  readonly vendor: VendorId;
  readonly token: string;
  /** When this token was last registered; a token renewed since a send began is not forgotten. */
  readonly registeredAt: EpochMs;
  /** When the vendor reported that the phone shows no notifications of the app. */
  readonly mutedAt?: EpochMs;
}

/** What a device says about itself; all optional, since shipped apps vary. */
export interface DeviceFacts {
  readonly manufacturer?: string;
  readonly brand?: string;
  readonly model?: string;
  readonly osVersion?: string;
  readonly romVersion?: string;
  readonly googleServices?: boolean;
  readonly region?: string;
  readonly package?: string;
  readonly appVersion?: string;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly textSet?: string;
  readonly supportedVendors?: readonly VendorId[];
}

/** One installation of the app under one account. */
export interface Device {
  readonly deviceId: string;
  readonly platform: Platform;
  readonly facts: DeviceFacts;
  readonly autoSelectPushType: boolean;
  readonly session: Session;
  readonly presence: Presence;
  /** The user's switch; survives logins. */
  readonly pushEnabled: boolean;
  /** What the user set for this device alone; wins over the account's. */
  readonly settings?: UserSettings;
  /** The number on the app's icon as the device last knew it, from which pushes count on. */
  readonly badge?: Badge;
  /** By certificate name. */
  readonly tokens: Readonly<Record<string, RegisteredToken>>;
  /** SHA-256 (base64url) of the device key handed out at the last registration. */
  readonly deviceKeyHash?: string;
}

/** The number on an icon; every report of the device begins a new count. */
export interface Badge {
  readonly value: number;
  readonly since: EpochMs;
}

/** What users set about their pushes, for the account or for one device. */
export interface UserSettings {
  /** `false` hides who writes and what: a general text is shown. */
  readonly showDetail?: boolean;
  readonly doNotDisturb?: DoNotDisturb;
}

/** When nothing is to disturb; window and duration may both be set. */
export interface DoNotDisturb {
  readonly window?: DailyWindow;
  /** Until then, once. */
  readonly until?: EpochMs;
}

/** A part of every day. `from` = `to` is all of it, but 00:00 to 00:00 is none; `to` before `from` goes over midnight. */
export interface DailyWindow {
  /** `HH:mm`, included. */
  readonly from: string;
  /** `HH:mm`, not included. */
  readonly to: string;
  /** IANA name; that of the device, else of the app, if absent. */
  readonly timeZone?: string;
}

/** What users set for the whole account. */
export interface AccountSettings extends UserSettings {
  readonly pushEnabled?: boolean;
  /** Whether mobiles are pushed to while a desktop is connected; yes if absent. */
  readonly pushWhenDesktopOnline?: boolean;
  /** Language of an account whose devices name none. */
  readonly locale?: string;
}

/** How quiet a conversation is: wholly, but for mentions of the user, or but for its owner and managers. */
export const MUTES = ['all', 'except-mentions', 'except-managers'] as const;
export type Mute = (typeof MUTES)[number];

/** One user of one app with all devices; read and written whole. */
export interface Account {
  readonly appKey: string;
  readonly accountId: string;
  readonly devices: Readonly<Record<string, Device>>;
  readonly settings?: AccountSettings;
  /** By conversation id; at most 32. */
  readonly mutes?: Readonly<Record<string, Mute>>;
  /** Further mutes lie in items of their own. */
  readonly hasMoreMutes?: true;
  /** By an admin: never pushed to. */
  readonly blocked?: true;
  /** Up to when a conversation was read on some device, by its id; the newest 32. */
  readonly reads?: Readonly<Record<string, EpochMs>>;
  /** The device of the most recent login. */
  readonly lastDeviceId?: string;
}

/** An IM server node that vouches for the connections it holds. */
export interface NodeHeartbeat {
  readonly node: string;
  readonly epoch: string;
  /** First heartbeat of this epoch: claims older than this belong to a dead process. */
  readonly epochSince: EpochMs;
  /** Latest heartbeat. */
  readonly at: EpochMs;
}
