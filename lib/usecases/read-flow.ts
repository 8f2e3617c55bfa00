import pMap from 'p-map';
import type { CertificateEntry } from '../model/app-settings';
import type { BacklogReader, FlowStateStore, QueueBacklog, QuotaReader } from '../model/flow-state';
import type { AppStore } from '../model/ports';
import type { Clock, EpochMs } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import { vendorOf } from '../vendors/registry';
import { type QuotaState, readQuotas } from './read-quotas';

/** How many certificates are looked at side by side. */
const AT_ONCE = 10;

export interface FlowFilter {
  readonly vendor?: VendorId;
  readonly certificate?: string;
}

/** How a certificate's limits are used. */
export interface CertificateFlow {
  readonly certificate: string;
  readonly vendor: VendorId;
  /** The certificate's own, else the vendor's published one. */
  readonly limitPerSecond: number;
  readonly counts: 'requests' | 'tokens';
  readonly learnedPerSecond: number;
  /** What containers hold of it, used or not. */
  readonly inUsePerSecond: number;
  readonly containers: number;
  readonly pausedUntil?: EpochMs;
  readonly quotas: readonly QuotaState[];
}

export interface Flow {
  readonly certificates: readonly CertificateFlow[];
  /** One for each vendor of these certificates; its queues are shared by all certificates of all apps. */
  readonly backlog: readonly (QueueBacklog & { readonly vendor: VendorId })[];
}

interface FlowPorts {
  readonly apps: Pick<AppStore, 'getFresh'>;
  readonly flowStates: FlowStateStore;
  readonly quotas: QuotaReader;
  readonly backlog: BacklogReader;
  readonly clock: Clock;
}

/** How the limits of an app's certificates are used right now, and what waits for them. Looking changes nothing. */
export async function readFlow(
  appKey: string,
  { vendor, certificate }: FlowFilter,
  { apps, flowStates, quotas, backlog, clock }: FlowPorts,
): Promise<Flow> {
  const app = await apps.getFresh(appKey);
  const entries = Object.values(app?.certificates ?? {})
    .filter((one) => vendor === undefined || one.vendor === vendor)
    .filter((one) => certificate === undefined || one.name === certificate);
  const now = clock.now();
  const flowOf = async (entry: CertificateEntry): Promise<readonly CertificateFlow[]> => {
    const facts = vendorOf(entry.vendor);
    if (facts === undefined) return [];
    const [state, quotaStates] = await Promise.all([
      flowStates.read(entry.vendor, appKey, entry.name, now),
      readQuotas(appKey, entry, facts, now, quotas),
    ]);
    const limitPerSecond = entry.limits?.ratePerSecond ?? facts.limits.ratePerSecond;
    // the containers may still work with a limit that was changed, and what was learned stays learned
    const cut = state === undefined ? 0 : state.limitPerSecond - state.learnedPerSecond;
    return [
      {
        certificate: entry.name,
        vendor: entry.vendor,
        limitPerSecond,
        counts: facts.limits.rateCounts,
        learnedPerSecond: Math.max(0, limitPerSecond - cut),
        inUsePerSecond: state?.heldPerSecond ?? 0,
        containers: state?.containers ?? 0,
        ...(state?.restsUntil === undefined ? {} : { pausedUntil: state.restsUntil }),
        quotas: quotaStates,
      },
    ];
  };
  const certificates = (await pMap(entries, flowOf, { concurrency: AT_ONCE })).flat();
  const vendors = [...new Set(certificates.map((one) => one.vendor))];
  return {
    certificates,
    backlog: await pMap(vendors, async (one) => ({ vendor: one, ...(await backlog.read(one)) })),
  };
}
