import type { FlowPause } from '../../lib/rules/flow-pause';

/** So long a job waits for a credit before it is turned away, and an invocation takes besides. */
const ROOM_WAIT_MS = 1_000;
const INVOCATION_MS = 60;
const TICK_MS = 20;

export interface Overload {
  readonly ratePerSecond: number;
  readonly offeredPerSecond: number;
  readonly seconds: number;
  readonly containers: number;
  readonly batchSize: number;
  /** Only so many containers ever get credits; all if absent. */
  readonly served?: number;
}

interface Container {
  readonly pause: Pick<FlowPause, 'passed' | 'turnedAway'>;
  jobs: { readonly until: number }[];
  freeAt: number;
}

/**
 * Plays an overload: jobs come into a queue, containers take batches of the oldest visible ones, each is sent with a credit of a
 * limit that is given to whoever waits, or goes back into the queue for as long as it is told. Times are simulated.
 */
export function playOverload(
  overload: Overload,
  newPause: () => Pick<FlowPause, 'passed' | 'turnedAway'>,
) {
  const { ratePerSecond, offeredPerSecond, seconds, batchSize, served } = overload;
  const random = aRandom();
  const total = offeredPerSecond * seconds;
  const idealMs = (total / ratePerSecond) * 1_000;
  const away = new Map<number, number>();
  const containers = Array.from(
    { length: overload.containers },
    (): Container => ({ pause: newPause(), jobs: [], freeAt: 0 }),
  );
  let [now, offered, visible, sent, putBacks, credits] = [0, 0, 0, 0, 0, 1];

  function send(): void {
    const most = Math.max(1, ratePerSecond / 10);
    credits = Math.min(most, credits + (ratePerSecond * TICK_MS) / 1_000);
    for (; credits >= 1; credits -= 1) {
      const busy = containers.slice(0, served).filter(({ jobs }) => jobs.length > 0);
      const one = busy[Math.floor(random() * busy.length)];
      if (one === undefined) return;
      one.jobs.shift();
      one.pause.passed(1, now);
      sent += 1;
    }
  }

  function turnAway({ pause, jobs }: Container): void {
    while ((jobs[0]?.until ?? Number.POSITIVE_INFINITY) <= now) {
      jobs.shift();
      putBacks += 1;
      const expiresAt = now + 86_400_000;
      const afterMs = pause.turnedAway(
        { units: 1, expiresAt, ratePerSecond, jitter: random() },
        now,
      );
      // queues delay by whole seconds
      const tick = Math.ceil((now + Math.ceil(afterMs / 1_000) * 1_000) / TICK_MS);
      away.set(tick, (away.get(tick) ?? 0) + 1);
    }
  }

  while (sent < total && now < 10 * idealMs) {
    now += TICK_MS;
    const arrived = Math.min(total, Math.floor((offeredPerSecond * now) / 1_000));
    const back = away.get(now / TICK_MS) ?? 0;
    visible += arrived - offered + back;
    offered = arrived;
    send();
    for (const one of containers) {
      const wasBusy = one.jobs.length > 0;
      turnAway(one);
      if (one.jobs.length > 0) continue;
      if (wasBusy) one.freeAt = now + INVOCATION_MS;
      if (now < one.freeAt) continue;
      const taken = Math.min(batchSize, visible);
      visible -= taken;
      one.jobs = Array.from({ length: taken }, () => ({ until: now + ROOM_WAIT_MS }));
    }
  }
  return { sent, total, drainOfIdeal: now / idealMs, putBacksPerJob: putBacks / total };
}

/** The same numbers every time. */
function aRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
