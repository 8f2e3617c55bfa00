import type { Faults } from '../faults';
import { RateWindows } from '../rate-windows';
import { type ApnsRefusal, refuse } from './reasons';

/** What can be told of devices through the control. Tokens are in lower case. */
export interface DeviceSettings {
  /** Tokens of another app of the team. */
  foreignTokens: ReadonlySet<string>;
  /** Tokens of the other environment (production or sandbox). */
  otherEnvironmentTokens: ReadonlySet<string>;
  expiredTokens: ReadonlySet<string>;
  /** Dead tokens, besides those the common faults name and those that begin with `dead`. */
  deadTokens: ReadonlySet<string>;
  /** Epoch milliseconds since when dead tokens are dead; undefined: since this moment. */
  deadSince: number | undefined;
  /** Notifications one device may get in a minute; undefined: no limit. */
  perDeviceQuota: number | undefined;
}

/** The settings before anybody changed them. */
export function noDeviceSettings(): DeviceSettings {
  return {
    foreignTokens: new Set(),
    otherEnvironmentTokens: new Set(),
    expiredTokens: new Set(),
    deadTokens: new Set(),
    deadSince: undefined,
    perDeviceQuota: undefined,
  };
}

/** Bytes in hex, at least the 32 that tokens have today; Apple says that the length varies and names no bounds. */
const TOKEN = /^([0-9a-f]{2}){32,}$/;
const MINUTE_MS = 60_000;

/** What APNs knows of device tokens. */
export class Devices {
  readonly settings: DeviceSettings = noDeviceSettings();
  readonly #faults: Faults;
  readonly #windows = new RateWindows(MINUTE_MS);

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Why a notification cannot go to a device, if so. `token` is in lower case. */
  check(token: string): ApnsRefusal | undefined {
    const { foreignTokens, otherEnvironmentTokens, expiredTokens, deadTokens } = this.settings;
    if (!TOKEN.test(token)) return refuse('BadDeviceToken', 'not at least 32 bytes in hex');
    if (otherEnvironmentTokens.has(token)) {
      return refuse('BadDeviceToken', 'of the other environment');
    }
    if (foreignTokens.has(token)) return refuse('DeviceTokenNotForTopic');
    if (expiredTokens.has(token)) return refuse('ExpiredToken');
    if (token.startsWith('dead') || deadTokens.has(token) || this.#faults.isDead(token)) {
      return refuse('Unregistered');
    }
    const hasRoom = this.#windows.admit(token, this.settings.perDeviceQuota, performance.now());
    return hasRoom ? undefined : refuse('TooManyRequests');
  }

  reset(): void {
    Object.assign(this.settings, noDeviceSettings());
    this.#windows.clear();
  }
}
