import pMap from 'p-map';
import type { Witness } from '../model/account';
import { ConflictError, Refusal } from '../model/errors';
import type { EpochMs } from '../model/time';
import { applyPresence, clampAt, type PresenceEvent, type PresenceResult } from '../rules/presence';
import { type DeviceAddress, orRefuse, type RegisterPorts, signOfLife } from './register-device';

/** One presence event of an IM server. */
export interface ReportedEvent {
  readonly accountId: string;
  readonly event: PresenceEvent;
}

/** An account that others kept changing meanwhile is left as it was: its events are to be reported again. */
export type ReportResult = PresenceResult | 'conflict';

const PARALLEL_ACCOUNTS = 16;

/** A phone's own report; its claim to be connected holds for its lease. */
export async function reportOwnPresence(
  { appKey, accountId, deviceId }: DeviceAddress,
  report: {
    readonly state: 'foreground' | 'background' | 'disconnected';
    readonly at?: EpochMs;
    readonly leaseSeconds: number;
    readonly badge?: number;
  },
  ports: RegisterPorts,
): Promise<PresenceResult> {
  const now = ports.clock.now();
  const at = clampAt(report.at, now);
  const witness: Witness = { kind: 'phone', until: at + report.leaseSeconds * 1000 };
  const event = report.state === 'disconnected' ? 'disconnect' : report.state;
  const isNow = report.at === undefined ? ({ isNow: true } as const) : {};
  const badge = report.badge === undefined ? {} : { badge: report.badge };
  return changeOne(
    { appKey, accountId },
    { deviceId, event, at, ...isNow, ...badge, witness },
    ports,
    now,
  );
}

/** Ends a session; well also when it has ended already. */
export async function endSession(
  { appKey, accountId, deviceId }: DeviceAddress,
  event: 'logout' | 'kick',
  ports: RegisterPorts,
): Promise<void> {
  const now = ports.clock.now();
  await applyAll(
    { appKey, accountId },
    [{ deviceId, event, at: now, isNow: true, witness: { kind: 'none' } }],
    ports,
    now,
  );
}

/** Applies an IM server's events, those of one account together; results in their order. */
export async function reportPresenceEvents(
  appKey: string,
  events: readonly ReportedEvent[],
  ports: RegisterPorts,
): Promise<readonly ReportResult[]> {
  const now = ports.clock.now();
  const results = new Array<ReportResult>(events.length).fill('conflict');
  const byAccount = Map.groupBy(events.entries(), ([, { accountId }]) => accountId);
  await pMap(
    byAccount,
    async ([accountId, group]) => {
      const own = await applyAll(
        { appKey, accountId },
        group.map(([, { event }]) => event),
        ports,
        now,
      ).catch(conflictsAlone);
      for (const [place, [index]] of group.entries()) results[index] = own[place] ?? 'conflict';
    },
    { concurrency: PARALLEL_ACCOUNTS },
  );
  return results;
}

function conflictsAlone(error: unknown): [] {
  if (error instanceof ConflictError) return [];
  throw error;
}

async function changeOne(
  owner: { readonly appKey: string; readonly accountId: string },
  event: PresenceEvent,
  ports: RegisterPorts,
  now: EpochMs,
): Promise<PresenceResult> {
  const [result = 'unknown-device'] = await applyAll(owner, [event], ports, now);
  if (result === 'unknown-device' || result === 'session-ended') orRefuse(result);
  return result;
}

async function applyAll(
  owner: { readonly appKey: string; readonly accountId: string },
  events: readonly PresenceEvent[],
  ports: RegisterPorts,
  now: EpochMs,
): Promise<readonly PresenceResult[]> {
  const app = await ports.apps.get(owner.appKey);
  if (app === undefined) throw new Refusal(401, 'the app is unknown');
  let results: readonly PresenceResult[] = [];
  await ports.accounts.update(owner.appKey, owner.accountId, (stored) => {
    const applied = applyPresence(stored, owner, events, app.settings, now);
    results = applied.results;
    return signOfLife(applied.change, app);
  });
  return results;
}
