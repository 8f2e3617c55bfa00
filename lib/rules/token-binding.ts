import type { Account, Device, RegisteredToken } from '../model/account';
import type { AccountChange } from '../model/ports';
import type { Devices } from './session';

type Binding = RegisteredToken & { readonly deviceId: string };

/** Whether two tokens are one: an app's tokens are told apart by vendor and text. */
export function isSameToken(
  a: Pick<RegisteredToken, 'vendor' | 'token'>,
  b: Pick<RegisteredToken, 'vendor' | 'token'>,
): boolean {
  return a.vendor === b.vendor && a.token === b.token;
}

/** The device without the tokens that `leaves` picks; the same object when it has none of them. */
export function withoutTokens(
  device: Device,
  leaves: (token: RegisteredToken, certificate: string) => boolean,
): Device {
  const tokens = Object.entries(device.tokens);
  const kept = tokens.filter(([certificate, token]) => !leaves(token, certificate));
  return kept.length === tokens.length ? device : { ...device, tokens: Object.fromEntries(kept) };
}

/**
 * The devices with tokens (by certificate) on one of them, taken from any other that has them. One that is left without
 * tokens was this phone before its app was installed anew: it goes, and what its user had set stays.
 */
export function bindTokens(
  devices: Devices,
  device: Device,
  tokens: Readonly<Record<string, RegisteredToken>>,
): Devices {
  const moving = Object.values(tokens);
  let bound: Device = { ...device, tokens: { ...device.tokens, ...tokens } };
  const others = Object.entries(devices).flatMap(([deviceId, other]) => {
    if (deviceId === device.deviceId) return [[deviceId, other] as const];
    const left = withoutTokens(other, (theirs) => moving.some((one) => isSameToken(one, theirs)));
    const isReplaced = left !== other && Object.keys(left.tokens).length === 0;
    if (isReplaced) bound = inheriting(bound, other);
    return isReplaced ? [] : [[deviceId, left] as const];
  });
  return { ...Object.fromEntries(others), [device.deviceId]: bound };
}

/** A new device has no settings of its own yet, so a switch that is off on one of both was turned off by the user. */
function inheriting(device: Device, old: Device): Device {
  const settings = { ...old.settings, ...device.settings };
  return {
    ...device,
    pushEnabled: device.pushEnabled && old.pushEnabled,
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

/** What to store, with the tokens that came to a device and those that left the account. */
export function changeOf(before: Account | undefined, after: Account): AccountChange {
  const had = bindingsOf(before);
  const has = bindingsOf(after);
  const claims = [...has].flatMap(([key, token]) =>
    had.get(key)?.deviceId === token.deviceId ? [] : [token],
  );
  const releases = [...had].flatMap(([key, { deviceId: _was, ...token }]) =>
    has.has(key) ? [] : [token],
  );
  return {
    account: after,
    ...(claims.length > 0 && { claims }),
    ...(releases.length > 0 && { releases }),
  };
}

function bindingsOf(account: Account | undefined): ReadonlyMap<string, Binding> {
  const bindings = Object.values(account?.devices ?? {}).flatMap((device) =>
    Object.values(device.tokens).map(
      (token) =>
        [`${token.vendor} ${token.token}`, { ...token, deviceId: device.deviceId }] as const,
    ),
  );
  return new Map(bindings);
}
