import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FlowControl, FlowGate, FlowPass } from '../model/ports';
import type { Lane } from '../model/push-job';
import { type CreditPool, createCreditPool } from '../rules/credit-pool';
import { isReservedForDirect, laneCredits } from '../rules/lanes';
import { createLaneLeases, type LaneLeases, LEASE_MS } from './lane-leases';

/** With less lease left nothing more is sent under it. */
const LAST_SEND_MS = 300;
/** Pause between looks for a free lane. */
const LOOK_AGAIN_MS = 150;

/**
 * The first flow limiter: whole lanes leased through DynamoDB, credits acknowledged inside the container.
 * It never exceeds the limit; using all of it under any traffic is still to come.
 */
export function createFlowControl(client: DynamoDBDocumentClient, table: string): FlowControl {
  const owner = randomUUID();
  const gates = new Map<string, FlowGate>();
  return {
    gate(limit, lane) {
      const pk = `flow/${limit.appKey}/${limit.certificate}`;
      const key = `${pk}/${limit.ratePerSecond}/${lane}`;
      const existing = gates.get(key);
      if (existing !== undefined) return existing;
      const credits = laneCredits(limit.ratePerSecond);
      const leases = createLaneLeases(client, table, {
        pk,
        owner: `${owner}/${lane}`,
        laneCount: credits.length,
      });
      const gate = createGate(leases, credits, lane);
      gates.set(key, gate);
      return gate;
    },
  };
}

/** A gate over leased lanes. Exported for tests, which bring their own leases. */
export function createGate(leases: LaneLeases, credits: readonly number[], lane: Lane): FlowGate {
  const pool = createCreditPool();
  let leaseEnds = Number.NEGATIVE_INFINITY;
  let leasing: Promise<void> | undefined;
  const mayLease = (index: number): boolean =>
    lane === 'direct' || !isReservedForDirect(index, credits.length);

  async function renew(): Promise<void> {
    const started = performance.now();
    const now = Date.now();
    const table = await leases.read(now);
    const wanted = lanesToLease(table, pool, mayLease, credits.length);
    if (wanted.length === 0) {
      dropAll(pool);
      await leases.want(now);
      return;
    }
    if (!(await leases.lease(wanted, now))) return;
    for (const lost of pool.lanes().filter((held) => !wanted.includes(held))) pool.dropLane(lost);
    // a lane whose lease has run out may have served somebody else in between
    if (started > leaseEnds) dropAll(pool);
    for (const index of wanted) pool.addLane(index, credits[index] ?? 0, performance.now());
    leaseEnds = started + LEASE_MS;
  }

  function lease(): Promise<void> {
    leasing ??= renew().finally(() => {
      leasing = undefined;
    });
    return leasing;
  }

  /** Waits for ready credits until `deadline`; undefined when there were none. */
  async function wait<Found>(
    weight: number,
    deadline: number,
    find: (weight: number, now: number) => Found | undefined,
  ): Promise<Found | undefined> {
    for (;;) {
      const now = performance.now();
      if (leaseEnds - now < LEASE_MS / 2) await lease();
      const usable = leaseEnds - performance.now() > LAST_SEND_MS;
      const found = usable ? find(weight, performance.now()) : undefined;
      if (found !== undefined) return found;
      const ready = usable ? pool.readyAt(weight) : undefined;
      const next = Math.min(ready ?? Number.POSITIVE_INFINITY, performance.now() + LOOK_AGAIN_MS);
      if (next > deadline) return undefined;
      await pause(Math.max(1, next - performance.now()));
    }
  }

  return {
    async awaitRoom(maxWaitMs) {
      const room = await wait(1, performance.now() + maxWaitMs, (weight, now) => {
        const ready = pool.readyAt(weight);
        return ready !== undefined && ready <= now ? true : undefined;
      });
      return room === true;
    },

    async enter(weight, maxWaitMs): Promise<FlowPass | undefined> {
      const taken = await wait(weight, performance.now() + maxWaitMs, pool.take);
      if (taken === undefined) return undefined;
      let left = false;
      return {
        leave() {
          if (left) return;
          left = true;
          pool.giveBack(taken, performance.now());
        },
      };
    },
  };
}

/** All free lanes and those held; half of them when somebody else found none. */
function lanesToLease(
  table: Awaited<ReturnType<LaneLeases['read']>>,
  pool: CreditPool,
  mayLease: (index: number) => boolean,
  laneCount: number,
): readonly number[] {
  const held = table.mine.filter((index) => pool.lanes().includes(index));
  if (table.wantedByOther && (held.length > 1 || laneCount === 1)) {
    return held.slice(0, Math.floor(held.length / 2));
  }
  return [...new Set([...held, ...table.free.filter(mayLease)])];
}

function dropAll(pool: CreditPool): void {
  for (const index of pool.lanes()) pool.dropLane(index);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
