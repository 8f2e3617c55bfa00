import { setTimeout as pause } from 'node:timers/promises';
import type { FlowGate } from '../../lib/model/vendor-ports';

/** What needs no store: each container has an equal part of the limit for ever, and sends evenly. */
export function createStaticShare(perSecond: number, containers: number): FlowGate {
  const intervalMs = (1_000 * containers) / perSecond;
  let nextAt = performance.now();
  return {
    awaitRoom: async () => ({ kind: 'ready' }),
    async enter(weight, maxWaitMs) {
      const now = performance.now();
      const at = Math.max(now, nextAt);
      if (at - now > maxWaitMs) {
        await pause(maxWaitMs);
        return undefined;
      }
      nextAt = at + weight * intervalMs;
      if (at > now) await pause(at - now);
      return { leave: () => undefined };
    },
    refuse: () => undefined,
    rest: async () => undefined,
  };
}
