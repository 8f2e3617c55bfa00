import type { Lane } from '../model/push-job';
import type { Clock, EpochMs } from '../model/time';
import type { FlowGate, FlowPass } from '../model/vendor-ports';
import { LEASE_MS } from '../rules/lease';
import type { ShareHolder } from '../rules/share-holder';
import type { ShareTable } from './share-table';
import { createWaitingLine, sumOf } from './waiting-line';

/** Leases are looked after so often while somebody waits or an answer is out. */
const LOOK_AFTER_MS = 100;
/** Timers are no finer. */
const SHORTEST_WAIT_MS = 1;
/** Whoever asks for room reads and claims before he sends: he is told of a credit so long before it is ready. */
const HEAD_START_MS = 100;
/** After so many lost races in a row a container lets others go first, for a time of its own. */
const LOST_RACES = 2;
const STEP_ASIDE_MS = 40;
/** Pause after a table that did not answer. */
const TABLE_PAUSE_MS = 100;

/** Gives one certificate's credits to those who wait for them, in order. */
export interface ShareRunner {
  gate(lane: Lane): FlowGate;
  /** The limit and the largest request from now on. */
  configure(limits: { readonly limit: number; readonly largestRequest: number }): void;
  readonly limit: number;
  /** Waits for what is under way; where nothing is left to do, others may have what is held, if they lack it. */
  endWork(isMoreWaiting: boolean): Promise<void>;
}

export function createShareRunner(
  holder: ShareHolder,
  table: ShareTable,
  limits: { readonly limit: number; readonly largestRequest: number },
  clock: Clock,
): ShareRunner {
  let { limit } = limits;
  const line = createWaitingLine();
  let out = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let lane: Lane = 'direct';
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  /** A call to the table is under way. */
  let turn: Promise<void> | undefined;
  let lostRaces = 0;
  let tableAt = Number.NEGATIVE_INFINITY;
  let seenAt = Number.NEGATIVE_INFINITY;

  const isResting = (): boolean => Math.max(restsUntil, holder.restsUntil) > clock.now();

  function pass(units: number, now: EpochMs): FlowPass | undefined {
    const use = holder.take(units, now, clock.now());
    if (use === undefined) return undefined;
    out += 1;
    let left = false;
    return {
      leave(isAnswered = true) {
        if (left) return;
        left = true;
        out -= 1;
        holder.giveBack(use, performance.now(), isAnswered);
        pump();
      },
    };
  }

  function pump(): void {
    const now = performance.now();
    // somebody may have ended the rest before its time
    line.dismiss(now, isResting() && now - seenAt < LEASE_MS);
    if (!isResting()) {
      line.serve(
        now,
        (units) => pass(units, now),
        (units) => readyAt({ units, isAsking: true }, now) <= now,
      );
    }
    turnToTable(now);
    wakeUp(now);
  }

  /** When there are so many credits, or so many for who only asks. */
  function readyAt(
    { units, isAsking }: { readonly units: number; readonly isAsking: boolean },
    now: EpochMs,
  ): EpochMs {
    const at = holder.readyAt(units, now, clock.now()) ?? Number.POSITIVE_INFINITY;
    return isAsking ? at - HEAD_START_MS : at;
  }

  function wakeUp(now: EpochMs): void {
    const waiters = line.all();
    const first = line.next(now);
    if (first === undefined && out === 0) return;
    const servedAt = first === undefined ? Number.POSITIVE_INFINITY : readyAt(first, now);
    const deadlines = waiters.map(({ deadline }) => deadline);
    const at = Math.min(servedAt, now + LOOK_AFTER_MS, ...deadlines);
    if (timer !== undefined && timerAt <= at) {
      if (first !== undefined) timer.ref();
      return;
    }
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(
      () => {
        timer = undefined;
        pump();
      },
      Math.max(SHORTEST_WAIT_MS, at - now),
    );
    // an answer that never comes must not keep a process alive
    if (first === undefined) timer.unref();
  }

  function turnToTable(now: EpochMs): void {
    if (turn !== undefined || now < tableAt) return;
    const waiters = line.all();
    const waiting = sumOf(waiters);
    if (waiters.length > 0) lane = waiters.some((one) => one.lane === 'direct') ? 'direct' : 'bulk';
    const step = isResting() ? restingStep(waiters) : holder.next(lane, waiting, now, clock.now());
    if (step === undefined) return;
    turn = (step === 'write' ? write(waiting) : look(step === 'check')).catch(fail).finally(() => {
      turn = undefined;
      pump();
    });
  }

  const restingStep = (waiters: readonly unknown[]) => (waiters.length > 0 ? 'look' : undefined);

  async function look(isConsistent: boolean): Promise<void> {
    const shares = await table.read(isConsistent);
    holder.saw(shares, !isConsistent, performance.now());
    seen();
  }

  /** What the table says counts from now on, of a rest as well. */
  function seen(): void {
    seenAt = performance.now();
    restsUntil = Number.NEGATIVE_INFINITY;
  }

  async function write(waiting: number): Promise<void> {
    const began = { now: performance.now(), wall: clock.now() };
    const { change } = holder.plan(lane, waiting, began.now, began.wall);
    const { isDone, shares } = await table.write(change);
    if (isDone && shares !== undefined) holder.wrote(shares, began, performance.now());
    else holder.saw(shares, false, performance.now());
    seen();
    lostRaces = isDone ? 0 : lostRaces + 1;
    if (lostRaces >= LOST_RACES) tableAt = performance.now() + STEP_ASIDE_MS * Math.random();
  }

  /** A lease that runs is good to its end, whatever becomes of its renewal; without one nobody need wait. */
  function fail(error: unknown): void {
    tableAt = performance.now() + TABLE_PAUSE_MS;
    if (holder.readyAt(1, performance.now(), clock.now()) !== undefined) return;
    line.rejectAll(error);
  }

  function wait(how: 'enter' | 'look', units: number, maxWaitMs: number, own: Lane) {
    return new Promise<FlowPass | undefined>((resolve, reject) => {
      const deadline = performance.now() + maxWaitMs;
      line[how]({ units, lane: own, deadline, resolve, reject });
      pump();
    });
  }

  return {
    gate: (own) => ({
      async awaitRoom(weight, maxWaitMs) {
        const found = await wait('look', weight, maxWaitMs, own);
        if (isResting()) {
          return { kind: 'resting', until: Math.max(restsUntil, holder.restsUntil) };
        }
        return { kind: found === undefined ? 'full' : 'ready' };
      },
      enter: (weight, maxWaitMs) => wait('enter', weight, maxWaitMs, own),
      refuse: (units) => holder.refuse(units, performance.now()),
      async rest(until) {
        restsUntil = until;
        await table.rest(until);
        restsUntil = until;
        seenAt = performance.now();
      },
      state() {
        const { shares } = holder;
        return shares && { limitPerSecond: limit, learnedPerSecond: limit - shares.cut };
      },
    }),

    configure(next) {
      limit = next.limit;
      holder.configure(next.limit, next.largestRequest);
    },

    get limit() {
      return limit;
    },

    async endWork(isMoreWaiting) {
      await turn;
      if (isMoreWaiting) return;
      const change = holder.planRelease(lane, performance.now(), clock.now());
      if (change === undefined) return;
      turn = table
        .write(change)
        .then(({ isDone, shares }) => {
          if (isDone) holder.released();
          else holder.saw(shares, false, performance.now());
        })
        .catch(() => undefined)
        .finally(() => {
          turn = undefined;
        });
      await turn;
    },
  };
}
