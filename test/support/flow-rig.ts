import { createDynamoDb } from '../../lib/aws/clients';
import { createFlowControl } from '../../lib/aws/flow-control';
import type { Lane } from '../../lib/model/push-job';

/** What the network and the vendor do to one request, in milliseconds. */
export interface Trip {
  /** From the pass to the vendor, which counts it then. */
  readonly thereMs: number;
  /** From there to the answer. */
  readonly backMs: number;
}

/** A vendor that counts what arrives, and takes down when. Its clock is the test's own. */
export class CountingVendor {
  readonly arrivals: { readonly at: number; readonly from: string }[] = [];
  /** Requests that have their pass and no answer yet. */
  inFlight = 0;
  mostInFlight = 0;
  trip: () => Trip;

  constructor(trip: () => Trip = () => ({ thereMs: 1 + 40 * Math.random(), backMs: 5 })) {
    this.trip = trip;
  }

  async answer(from: string): Promise<void> {
    const { thereMs, backMs } = this.trip();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await sleep(thereMs);
    this.arrivals.push({ at: performance.now(), from });
    await sleep(backMs);
    this.inFlight -= 1;
  }

  /** The most arrivals in any window of one second, wherever it begins. */
  get mostInASecond(): number {
    const times = this.arrivals.map(({ at }) => at);
    return Math.max(
      0,
      ...times.map((end) => times.filter((at) => at > end - 1_000 && at <= end).length),
    );
  }

  /** How many arrived since then, from one container or from all. */
  countSince(since: number, from?: string): number {
    return this.arrivals.filter((one) => one.at >= since && (from ?? one.from) === one.from).length;
  }
}

/** One container with work for one certificate and lane: as much as it is let send. */
export interface BusyContainer {
  /** It dies: nothing more is sent, nothing is renewed, and no lease is given back. Resolves when all answers are in. */
  die(): Promise<void>;
  /** From now on no call of its reaches the table. */
  cutOff(): void;
  /** Its wall clock leaps. */
  leap(ms: number): void;
}

export interface ContainerOptions {
  readonly name: string;
  readonly vendor: CountingVendor;
  readonly table: string;
  readonly certificate: string;
  readonly ratePerSecond: number;
  readonly lane?: Lane;
  /** Its wall clock, against the true time. */
  readonly clockAheadMs?: number;
  /** Requests it would send side by side. */
  readonly parallel?: number;
}

/** Starts a container with a client, a flow control and a clock of its own. */
export function startContainer(options: ContainerOptions): BusyContainer {
  const { name, vendor, certificate, ratePerSecond, lane = 'direct' } = options;
  let aheadMs = options.clockAheadMs ?? 0;
  let isAlive = true;
  let isCutOff = false;
  const client = createDynamoDb();
  client.middlewareStack.add(
    (next) => async (args) => {
      if (isCutOff) throw new Error('the table is out of reach');
      return next(args);
    },
    { step: 'initialize' },
  );
  const flow = createFlowControl(client, options.table, { now: () => Date.now() + aheadMs });
  const gate = flow.gate(
    { vendor: 'xiaomi', appKey: 'app', certificate, ratePerSecond, largestRequest: 1 },
    lane,
  );

  async function work(): Promise<void> {
    while (isAlive) {
      const pass = await gate.enter(1, 1_000).catch(() => undefined);
      // without a pass the job goes back to the queue, and comes again
      if (pass === undefined) await sleep(20 + 80 * Math.random());
      else if (isAlive) await vendor.answer(name).finally(pass.leave);
      else pass.leave();
    }
  }
  const workers = Promise.all(Array.from({ length: options.parallel ?? 20 }, work));

  return {
    async die() {
      isAlive = false;
      isCutOff = true;
      await workers;
      client.destroy();
    },
    cutOff: () => {
      isCutOff = true;
    },
    leap: (ms) => {
      aheadMs += ms;
    },
  };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
