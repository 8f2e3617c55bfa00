import type { Account } from '../model/account';
import { Refusal } from '../model/errors';
import type { AccountStore, AppStore } from '../model/ports';
import type { Clock } from '../model/time';
import { pushTypeOf } from '../model/vendor-id';
import { currentChannel } from '../rules/channel';
import { isConnected } from '../rules/presence';

export interface ReadAccountPorts {
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly clock: Clock;
  /** What is shown instead of a token. */
  readonly fingerprint: (token: string) => string;
}

/** An account as its owner and the operator may see it; undefined when it is unknown. */
export async function readAccount(appKey: string, accountId: string, ports: ReadAccountPorts) {
  const [account, app] = await Promise.all([
    ports.accounts.get(appKey, accountId),
    ports.apps.getFresh(appKey),
  ]);
  if (app === undefined) throw new Refusal(401, 'the app is unknown');
  if (account === undefined) return undefined;
  const devices = Object.values(account.devices);
  const nodes = devices.flatMap(({ presence: { witness } }) =>
    witness.kind === 'node' ? [witness.node] : [],
  );
  const heartbeats = await ports.accounts.getHeartbeats(appKey, nodes);
  const now = ports.clock.now();
  return {
    accountId,
    ...shownSettings(account),
    mutes: account.mutes ?? {},
    hasMoreMutes: account.hasMoreMutes ?? false,
    devices: devices.map((device) => {
      const { deviceId, platform, facts, session, presence, pushEnabled, tokens } = device;
      const channel = currentChannel(device, app);
      const isOnline = session.state === 'logged-in' && isConnected(presence, heartbeats, now);
      const chosen = typeof channel === 'object' ? channel : undefined;
      return {
        deviceId,
        platform,
        ...facts,
        autoSelectPushType: device.autoSelectPushType,
        pushEnabled,
        settings: device.settings ?? {},
        ...(device.badge && { badge: device.badge }),
        session,
        presence: {
          state: isOnline ? presence.appState : 'disconnected',
          appState: presence.appState,
          at: presence.at === 0 ? null : presence.at,
        },
        channel: {
          vendor: chosen?.vendor ?? null,
          pushType: pushTypeOf(chosen?.vendor),
          certificate: chosen?.certificate ?? null,
        },
        tokens: Object.entries(tokens).map(([certificate, { vendor, token, registeredAt }]) => ({
          certificate,
          vendor,
          fingerprint: ports.fingerprint(token),
          registeredAt,
        })),
      };
    }),
  };
}

/** What is set for an account, with what applies where nothing is. */
export function shownSettings(account: Account | undefined) {
  return {
    settings: {
      pushEnabled: true,
      showDetail: true,
      pushWhenDesktopOnline: true,
      ...account?.settings,
    },
    blocked: account?.blocked ?? false,
  };
}
