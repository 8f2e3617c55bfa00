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
  /** By certificate name. */
  readonly tokens: Readonly<Record<string, RegisteredToken>>;
  /** SHA-256 (base64url) of the device key handed out at the last registration. */
  readonly deviceKeyHash?: string;
}

/** One user of one app with all devices; read and written whole. */
export interface Account {
  readonly appKey: string;
  readonly accountId: string;
  readonly devices: Readonly<Record<string, Device>>;
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
