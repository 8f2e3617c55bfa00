import type { Certificate } from '../model/certificate';
import type { Gauges, Telemetry } from '../model/ports';
import type { Lane } from '../model/push-job';
import type { QuotaCounter } from '../model/quota';
import { type Clock, SECOND_MS } from '../model/time';
import type { VendorId } from '../model/vendor-id';
import type { FlowGate } from '../model/vendor-ports';

/** A container reports so often at most: what it writes is billed, and a minute is CloudWatch's own measure. */
const REPORT_EVERY_MS = 10 * SECOND_MS;

type CertificateKey = Pick<Certificate, 'appKey' | 'name'>;

/** What one container tells of the limits it works with, without asking anybody. */
export interface FlowReport {
  /** The same gate, with what passes it counted. The lanes of a certificate share its limit. */
  watch(certificate: CertificateKey, lane: Lane, gate: FlowGate): FlowGate;
  /** Takes down how much of a count's limit is used; of those of a single device nothing is told. */
  countQuota(counter: Pick<QuotaCounter, 'token'>, used: number, limit: number): void;
  /** To be called at the end of every invocation; what it does not report yet is reported later. */
  report(): void;
}

interface FlowReportPorts {
  readonly telemetry: Pick<Telemetry, 'count'> & Gauges;
  readonly clock: Clock;
}

/**
 * Limits are added up over the certificates a container has a share of, as what they use is: a metric is of a vendor, and
 * a dimension for each certificate would cost as much as each of its metrics.
 */
export function createFlowReport(
  vendor: VendorId,
  { telemetry, clock }: FlowReportPorts,
): FlowReport {
  const dimensions = { vendor };
  const gatesOf = new Map<string, Partial<Record<Lane, FlowGate>>>();
  let units = 0;
  /** The lowest that was seen since the last report. */
  let quotaLeftPercent: number | undefined;
  let reportedAt = Number.NEGATIVE_INFINITY;

  return {
    watch({ appKey, name }, lane, gate) {
      const key = `${appKey}/${name}`;
      gatesOf.set(key, { ...gatesOf.get(key), [lane]: gate });
      return {
        ...gate,
        async enter(weight, maxWaitMs) {
          const pass = await gate.enter(weight, maxWaitMs);
          if (pass !== undefined) units += weight;
          return pass;
        },
      };
    },

    countQuota({ token }, used, limit) {
      if (token !== undefined) return;
      const percent = Math.max(0, (100 * (limit - used)) / limit);
      quotaLeftPercent = Math.min(quotaLeftPercent ?? percent, percent);
    },

    report() {
      const now = clock.now();
      if (now - reportedAt < REPORT_EVERY_MS) return;
      reportedAt = now;
      if (units > 0) telemetry.count('FlowUnitsUsed', units, dimensions);
      units = 0;
      if (quotaLeftPercent !== undefined)
        telemetry.gauge('QuotaLeft', quotaLeftPercent, dimensions);
      quotaLeftPercent = undefined;
      const states = [...gatesOf.values()].flatMap(
        ({ direct, bulk }) => direct?.state?.() ?? bulk?.state?.() ?? [],
      );
      if (states.length === 0) return;
      const sum = (one: 'limitPerSecond' | 'learnedPerSecond') =>
        states.reduce((total, state) => total + state[one], 0);
      telemetry.gauge('FlowLimit', sum('limitPerSecond'), dimensions);
      telemetry.gauge('FlowLearnedLimit', sum('learnedPerSecond'), dimensions);
    },
  };
}
