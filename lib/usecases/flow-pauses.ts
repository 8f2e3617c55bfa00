import type { Certificate } from '../model/certificate';
import type { Push, PushJob } from '../model/push-job';
import type { Clock } from '../model/time';
import type { FlowGate } from '../model/vendor-ports';
import { createFlowPause, type FlowPause, MIN_PAUSE_MS } from '../rules/flow-pause';
import type { Vendor } from '../vendors/vendor';
import { unitsOf } from './send-pushes';

/** What a container remembers of the jobs that found no credit: for each certificate and lane. */
export interface FlowPauses {
  /** These pushes of a job are being sent. */
  passed(job: PushJob, pushes: readonly Push[]): void;
  /** Milliseconds for which a job with these pushes stays in the queue. */
  turnedAway(
    job: PushJob,
    pushes: readonly Push[],
    certificate: Certificate,
    gate: FlowGate,
  ): number;
}

/** @param random 0..1, for spreading what waits longest */
export function createFlowPauses(vendor: Vendor, clock: Clock, random: () => number): FlowPauses {
  const kept = new Map<string, FlowPause>();
  function pauseOf({ appKey, certificate, lane }: PushJob): FlowPause {
    const key = `${lane}/${appKey}/${certificate}`;
    const pause = kept.get(key) ?? createFlowPause(lane);
    kept.set(key, pause);
    return pause;
  }
  return {
    passed: (job, pushes) => pauseOf(job).passed(unitsOf(pushes, vendor), clock.now()),
    turnedAway: (job, pushes, certificate, gate) => {
      if (pushes.some(({ notification }) => notification.messageClass === 'call')) {
        return MIN_PAUSE_MS;
      }
      const configured = certificate.limits?.ratePerSecond ?? vendor.limits.ratePerSecond;
      const turnedAway = {
        units: unitsOf(pushes, vendor),
        expiresAt: Math.min(...pushes.map(({ expiresAt }) => expiresAt)),
        ratePerSecond: gate.state?.()?.learnedPerSecond ?? configured,
        jitter: random(),
      };
      return pauseOf(job).turnedAway(turnedAway, clock.now());
    },
  };
}
