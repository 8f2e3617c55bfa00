import pMap from 'p-map';
import type { Account, Device } from '../model/account';
import type { App } from '../model/app-settings';
import type { ChosenToken } from '../model/decision';
import { Refusal } from '../model/errors';
import type { Notification } from '../model/notification';
import type { AccountStore, AppStore, JobQueue } from '../model/ports';
import { type Clock, DAY_MS, type EpochMs } from '../model/time';
import type { UnreadMessages, UnreadStore } from '../model/unread';
import type { AbilitiesByVendor } from '../model/vendor-abilities';
import { buildJobs, type PlannedPush } from '../rules/build-jobs';
import { currentChannel } from '../rules/channel';
import { clampAt } from '../rules/presence';
import { withRead } from '../rules/reads';
import { isLoggedIn } from '../rules/session';
import { readUpTo } from '../rules/unread';
import { type AbleVendor, mayRemember, withdrawalsAfter } from '../rules/withdrawal';
import { conversationName, countOf } from './remember-pushes';

export interface ReadPorts {
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly unread: UnreadStore;
  readonly queue: JobQueue;
  readonly abilities: AbilitiesByVendor;
  readonly clock: Clock;
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string;
}

/** "Somebody has read this conversation up to then", on whatever device. */
export interface ReadReport {
  readonly appKey: string;
  readonly accountId: string;
  readonly conversationId: string;
  readonly upTo: EpochMs;
}

/** What is still in a tray after a day is not worth a push. */
const WITHDRAWAL_TTL_MS = DAY_MS;

/**
 * Keeps how far an account has read, so that nothing older is pushed any more, and takes what was shown of it off the
 * account's other devices. Answers how many withdrawals were queued. Throws `Refusal` 404 for an unknown account.
 */
export async function readConversation(
  { upTo: claimed, ...report }: ReadReport,
  ports: ReadPorts,
): Promise<number> {
  const { appKey, accountId, conversationId } = report;
  const now = ports.clock.now();
  const upTo = clampAt(claimed, now);
  const app = await ports.apps.get(appKey);
  if (app === undefined) throw new Refusal(401, 'the app is unknown');
  const account = await ports.accounts.update(appKey, accountId, (stored) => {
    const read = stored && withRead(stored, conversationId, upTo);
    return read && { account: read };
  });
  if (account === undefined) throw new Refusal(404, 'there is no such account');
  const asked = rememberingDevices(account, app, ports.abilities);
  if (asked.length === 0) return 0;

  const conversation = conversationName(conversationId);
  const unread = await ports.unread.read(asked.map(({ device }) => countOfDevice(report, device)));
  const reads = asked.map((one, index) => ({
    ...one,
    ...readUpTo(unread[index] ?? NOTHING, conversation, upTo),
  }));
  const planned = planWithdrawals(reads, report, app, now);
  const { traceLevel } = app.settings;
  // queued before anything is forgotten: a call that fails in between is repeated
  await ports.queue.put(buildJobs({ appKey, traceLevel }, planned, now, ports.hash));
  await pMap(
    reads.filter(({ gone }) => gone.length > 0),
    ({ device }) => ports.unread.remove(countOfDevice(report, device), conversation, upTo),
  );
  return planned.length;
}

const NOTHING: UnreadMessages = { members: [], folded: {} };

/** A device that may have messages to take back, and the way to it. */
interface ReachableDevice {
  readonly device: Device;
  readonly chosen: ChosenToken;
  readonly able: AbleVendor;
}

function rememberingDevices(
  { devices }: Account,
  app: App,
  abilities: AbilitiesByVendor,
): ReachableDevice[] {
  return Object.values(devices)
    .filter(isLoggedIn)
    .flatMap((device) => {
      const chosen = currentChannel(device, app);
      const own = typeof chosen === 'string' ? undefined : abilities.get(chosen.vendor);
      if (typeof chosen === 'string' || own === undefined || !mayRemember(own, app.settings)) {
        return [];
      }
      return [{ device, chosen, able: { ...own, vendor: chosen.vendor } }];
    });
}

function planWithdrawals(
  reads: readonly (ReachableDevice & ReturnType<typeof readUpTo>)[],
  { accountId, conversationId }: Pick<ReadReport, 'accountId' | 'conversationId'>,
  { settings }: App,
  now: EpochMs,
): PlannedPush[] {
  const same = new Map<string, Notification>();
  return reads.flatMap(({ device, chosen, able, ...read }) =>
    withdrawalsAfter(read, device.badge?.value ?? 0, able, settings).map((own): PlannedPush => {
      const key = JSON.stringify(own);
      const notification = same.get(key) ?? own;
      same.set(key, notification);
      return {
        messageId: `read/${conversationId}`,
        lane: 'bulk',
        notification,
        withdraws: true,
        expiresAt: now + WITHDRAWAL_TTL_MS,
        accountId,
        deviceId: device.deviceId,
        chosen,
      };
    }),
  );
}

function countOfDevice(
  { appKey, accountId }: Pick<ReadReport, 'appKey' | 'accountId'>,
  { deviceId, badge }: Device,
) {
  return countOf({ appKey }, { accountId, deviceId, ...(badge && { badge }) });
}
