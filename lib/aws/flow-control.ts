import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Lane } from '../model/push-job';
import type { Clock } from '../model/time';
import type { FlowControl, FlowGate, FlowPass } from '../model/vendor-ports';
import { createCreditPool } from '../rules/credit-pool';
import { laneCredits, lanesToLease } from '../rules/lanes';
import { createLaneLeases, GUARD_MS, type LaneLeases, LEASE_MS } from './lane-leases';

/** With less lease left nothing more is sent under it. */
const LAST_SEND_MS = 300;
/** Pause between looks for a free lane. */
const LOOK_AGAIN_MS = 150;
/** Lanes given away serve others after so long; until then nobody needs more of them. */
const HAND_OVER_MS = LEASE_MS + GUARD_MS;

/**
 * The first flow limiter: whole lanes leased through DynamoDB, credits acknowledged inside the container.
 * It never exceeds the limit; using all of it under any traffic is still to come.
 *
 * @param clock the wall clock, by which leases are told to others
 */
export function createFlowControl(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = { now: () => Date.now() },
): FlowControl {
  const container = randomUUID();
  const gates = new Map<string, FlowGate>();
  return {
    gate({ vendor, appKey, certificate, ratePerSecond, largestRequest }, lane) {
      // one vendor's under one prefix, so that IAM can keep vendors apart
      const pk = `flow/${vendor}/${appKey}/${certificate}`;
      const key = `${pk}/${ratePerSecond}/${lane}`;
      const existing = gates.get(key);
      if (existing !== undefined) return existing;
      const credits = laneCredits(ratePerSecond, largestRequest);
      const leases = createLaneLeases(client, table, {
        pk,
        container,
        // lanes of another rate are other lanes: a gate made for it must not take them for its own
        gate: `${ratePerSecond}/${lane}`,
        laneCount: credits.length,
      });
      const gate = createGate(leases, { credits, lane, clock, largestRequest });
      gates.set(key, gate);
      return gate;
    },
  };
}

interface GateOptions {
  readonly credits: readonly number[];
  readonly lane: Lane;
  readonly clock: Clock;
  readonly largestRequest: number;
}

function createGate(
  leases: LaneLeases,
  { credits, lane, clock, largestRequest }: GateOptions,
): FlowGate {
  const pool = createCreditPool(credits, largestRequest === 1);
  const inTurn = createTurns();
  const laneCount = credits.length;
  let leaseEnds = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let gaveAt = Number.NEGATIVE_INFINITY;
  let restsUntil = Number.NEGATIVE_INFINITY;
  /** Somebody had to wait for a credit since the last look. */
  let isShort = false;
  /** Lanes were left free at the last look. */
  let isMoreFree = false;
  let leasing: Promise<void> | undefined;

  /** By both clocks: the monotonic one may stand still while a container is frozen, the other may be set back. */
  function leaseLeftMs(): number {
    return Math.min(leaseEnds.monotonic - performance.now(), leaseEnds.wall - clock.now());
  }

  async function renew(): Promise<void> {
    const started = performance.now();
    const now = clock.now();
    const table = await leases.read(now);
    restsUntil = table.restsUntil ?? Number.NEGATIVE_INFINITY;
    const held = table.held.filter((index) => pool.lanes().includes(index));
    const mayGive = started - gaveAt > HAND_OVER_MS;
    const wanted = lanesToLease({ ...table, held }, { lane, laneCount, isShort, mayGive });
    const free = table.free.filter((index) => !wanted.includes(index));
    const atMost = lanesToLease(
      { ...table, held: wanted, free },
      { lane, laneCount, isShort: true, mayGive: false },
    );
    isMoreFree = atMost.length > wanted.length;
    isShort = false;
    lookedAt = started;
    if (wanted.length === 0) {
      for (const index of pool.lanes()) pool.dropLane(index);
      // one wish is heard at a time, and one that goes before ours must stay to be heard
      if (!table.wish?.hasNone || table.wish.by === lane) await leases.want(now);
      return;
    }
    if (!(await leases.lease(wanted, now))) return;
    if (held.some((index) => !wanted.includes(index))) gaveAt = started;
    for (const index of pool.lanes()) {
      // a lane whose lease has run out may have served somebody else in between: it starts anew
      if (!held.includes(index) || !wanted.includes(index)) pool.dropLane(index);
    }
    for (const index of wanted) pool.addLane(index, performance.now());
    leaseEnds = { monotonic: started + LEASE_MS, wall: now + LEASE_MS };
  }

  function lease(): Promise<void> {
    leasing ??= renew().finally(() => {
      leasing = undefined;
    });
    return leasing;
  }

  const isUsable = (): boolean => leaseLeftMs() > LAST_SEND_MS;

  /** Keeps a lease while there is work. One that runs is good to its end, whatever becomes of its renewal. */
  async function keepLease(): Promise<void> {
    const mayGrow = isShort && isMoreFree && performance.now() - lookedAt > LOOK_AGAIN_MS;
    if (leaseLeftMs() >= LEASE_MS / 2 && !mayGrow) return;
    const renewal = lease();
    if (isUsable()) renewal.catch(() => undefined);
    else await renewal;
  }

  /** Waits for ready credits until `deadline`; undefined when there were none. */
  async function wait<Found>(
    weight: number,
    deadline: number,
    find: (weight: number, now: number) => Found | undefined,
  ): Promise<Found | undefined> {
    for (;;) {
      await keepLease();
      if (restsUntil > clock.now()) return undefined;
      const found = isUsable() ? find(weight, performance.now()) : undefined;
      if (found !== undefined) return found;
      isShort = true;
      const ready = isUsable() ? pool.readyAt(weight) : undefined;
      const next = Math.min(ready ?? Number.POSITIVE_INFINITY, performance.now() + LOOK_AGAIN_MS);
      if (next > deadline) return undefined;
      await pause(Math.max(1, next - performance.now()));
    }
  }

  const isResting = (): boolean => restsUntil > clock.now();

  return {
    async awaitRoom(weight, maxWaitMs) {
      const isReady = await wait(weight, performance.now() + maxWaitMs, (units, now) => {
        const ready = pool.readyAt(units);
        return ready !== undefined && ready <= now ? true : undefined;
      });
      if (isResting()) return { kind: 'resting', until: restsUntil };
      return { kind: isReady ? 'ready' : 'full' };
    },

    async enter(weight, maxWaitMs): Promise<FlowPass | undefined> {
      const deadline = performance.now() + maxWaitMs;
      // where requests differ in weight, small ones would overtake a large one for ever
      const taken =
        largestRequest === 1
          ? await wait(weight, deadline, pool.take)
          : await inTurn(deadline, () => wait(weight, deadline, pool.take));
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

    async rest(until) {
      restsUntil = until;
      await leases.rest(until);
    },
  };
}

/** Runs tasks one after the other, in order; one whose turn has not come by its deadline is left out. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return async <Result>(
    deadline: number,
    task: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> => {
    const before = last;
    const own = Promise.withResolvers<void>();
    last = own.promise;
    const isOurs = await Promise.race([
      before.then(() => true),
      pause(Math.max(0, deadline - performance.now())).then(() => false),
    ]);
    if (!isOurs) {
      void before.then(() => own.resolve());
      return undefined;
    }
    try {
      return await task();
    } finally {
      own.resolve();
    }
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
