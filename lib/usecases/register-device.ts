import type { Account, DeviceFacts, Platform } from '../model/account';
import type { App } from '../model/app-settings';
import { Refusal } from '../model/errors';
import type { AccountChange, AccountStore, AppStore } from '../model/ports';
import type { Clock } from '../model/time';
import { pushTypeOf, type VendorId } from '../model/vendor-id';
import { currentChannel, recommendChannel } from '../rules/channel';
import { entryOf } from '../rules/entry-of';
import {
  type Registered,
  registerDevice,
  removeToken,
  setToken,
  type VendorToken,
} from '../rules/registration';

export interface RegisterPorts {
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly clock: Clock;
}

/** Which device of which account a call is about. */
export interface DeviceAddress {
  readonly appKey: string;
  readonly accountId: string;
  readonly deviceId: string;
}

export interface DeviceRegistration {
  readonly platform: Platform;
  readonly facts: DeviceFacts;
  readonly autoSelectPushType?: boolean;
  readonly tokens: readonly { readonly certificate: string; readonly token: string }[];
  readonly deviceKeyHash: string;
}

export interface ChannelAnswer {
  readonly channel: {
    readonly vendor: VendorId | null;
    readonly pushType: number;
    readonly certificate: string | null;
  };
  readonly recommendation: {
    readonly vendor: VendorId | null;
    readonly certificate: string | null;
  };
}

/** Logs a device in with its tokens and says which channel it will be reached through. */
export async function logInDevice(
  { appKey, accountId, deviceId }: DeviceAddress,
  { tokens, ...registration }: DeviceRegistration,
  ports: RegisterPorts,
): Promise<ChannelAnswer & { readonly hadToken: boolean; readonly lastDeviceId: string | null }> {
  const app = await appKnowing(
    appKey,
    tokens.map(({ certificate }) => certificate),
    ports,
  );
  const known = Object.fromEntries(
    tokens.map(({ certificate, token }, index) => [
      certificate,
      { vendor: vendorOf(app, certificate, `tokens[${index}].certificate`), token },
    ]),
  );
  let registered: Registered | undefined;
  const account = await ports.accounts.update(appKey, accountId, (stored) => {
    const result = registerDevice(
      stored,
      { appKey, accountId },
      { ...registration, deviceId, tokens: known },
      app.settings,
      ports.clock.now(),
    );
    if ('refused' in result) {
      throw new Refusal(409, 'the account is logged in on ten devices already');
    }
    registered = result;
    return signOfLife(result.change, app);
  });
  return {
    ...channelAnswer(account, deviceId, app),
    hadToken: registered?.hadToken ?? false,
    lastDeviceId: registered?.lastDeviceId ?? null,
  };
}

/** Stores a new or refreshed token of a device that is logged in. */
export async function refreshToken(
  { appKey, accountId, deviceId }: DeviceAddress,
  certificate: string,
  token: string,
  ports: RegisterPorts,
): Promise<ChannelAnswer> {
  const app = await appKnowing(appKey, [certificate], ports);
  const vendorToken: VendorToken = { vendor: vendorOf(app, certificate, 'certificate'), token };
  const account = await ports.accounts.update(appKey, accountId, (stored) =>
    signOfLife(
      orRefuse(setToken(stored, deviceId, certificate, vendorToken, ports.clock.now())),
      app,
    ),
  );
  return channelAnswer(account, deviceId, app);
}

/** Forgets a device's token; well also when there is none. */
export async function dropToken(
  { appKey, accountId, deviceId }: DeviceAddress,
  certificate: string,
  ports: RegisterPorts,
): Promise<void> {
  await ports.accounts.update(appKey, accountId, (stored) =>
    removeToken(stored, deviceId, certificate),
  );
}

/** Turns what a rule answers for a device it cannot change into a refusal. */
export function orRefuse(
  change: AccountChange | undefined | 'unknown-device' | 'session-ended',
): AccountChange | undefined {
  if (change === 'unknown-device') throw new Refusal(404, 'the account has no such device');
  if (change === 'session-ended') {
    throw new Refusal(409, 'the session on this device has ended: log in again');
  }
  return change;
}

/** The change with how long the account is to be kept from now on. */
export function signOfLife(
  change: AccountChange | undefined,
  { settings: { deviceInactiveDays: inactiveDays } }: App,
): AccountChange | undefined {
  return change && { ...change, inactiveDays };
}

/** The app, read anew when a certificate is unknown: it may have been created a moment ago. */
async function appKnowing(
  appKey: string,
  certificates: readonly string[],
  { apps }: RegisterPorts,
): Promise<App> {
  const app = await apps.get(appKey);
  const unknown = certificates.some(
    (name) => !app || entryOf(app.certificates, name) === undefined,
  );
  const current = unknown || app === undefined ? await apps.getFresh(appKey) : app;
  if (current === undefined) throw new Refusal(401, 'the app is unknown');
  return current;
}

function vendorOf(app: App, certificate: string, path: string): VendorId {
  const entry = entryOf(app.certificates, certificate);
  if (entry === undefined) {
    throw new Refusal(400, 'the request has invalid fields', [
      { path, message: 'is not the name of a certificate of this app' },
    ]);
  }
  return entry.vendor;
}

function channelAnswer(account: Account | undefined, deviceId: string, app: App): ChannelAnswer {
  const device = account && entryOf(account.devices, deviceId);
  const chosen = device && currentChannel(device, app);
  const channel = typeof chosen === 'object' ? chosen : undefined;
  const recommended = device && recommendChannel(device, app);
  return {
    channel: {
      vendor: channel?.vendor ?? null,
      pushType: pushTypeOf(channel?.vendor),
      certificate: channel?.certificate ?? null,
    },
    recommendation: {
      vendor: recommended?.vendor ?? null,
      certificate: recommended?.certificate ?? null,
    },
  };
}
