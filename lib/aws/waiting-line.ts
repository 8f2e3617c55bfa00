import type { Lane } from '../model/push-job';
import type { EpochMs } from '../model/time';
import type { FlowPass } from '../model/vendor-ports';

/** Who was told that there is room has so long to come for it. */
const PROMISED_MS = 1_000;
const NOTHING: FlowPass = { leave: () => undefined };

/** Somebody who wants to send, or to know whether he could. */
export interface Waiter {
  readonly units: number;
  readonly lane: Lane;
  /** Monotonic. */
  readonly deadline: EpochMs;
  readonly resolve: (pass: FlowPass | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for credits: first who wants to send, in order, then who only asks. Times are monotonic. */
export interface WaitingLine {
  enter(waiter: Waiter): void;
  look(waiter: Waiter): void;
  /** Those who wait, the next one first. */
  all(): readonly Waiter[];
  /** Who is served next, and how many units there must be for it. */
  next(now: EpochMs): { readonly units: number; readonly isAsking: boolean } | undefined;
  /** Tells those whose time is up, or everybody, that there is nothing for them. */
  dismiss(now: EpochMs, isEverybody: boolean): void;
  /**
   * Serves as many as there is something for.
   *
   * @param pass makes a pass, if there are credits
   * @param isReady whether so many credits can be had, by the time who asks comes for them
   */
  serve(
    now: EpochMs,
    pass: (units: number) => FlowPass | undefined,
    isReady: (units: number) => boolean,
  ): void;
  rejectAll(error: unknown): void;
}

export function sumOf(some: readonly { readonly units: number }[]): number {
  return some.reduce((sum, { units }) => sum + units, 0);
}

export function createWaitingLine(): WaitingLine {
  let entering: Waiter[] = [];
  let looking: Waiter[] = [];
  /** Room that was promised, and not come for yet: one credit is not room for all who ask. */
  let promised: { readonly units: number; readonly until: EpochMs }[] = [];

  /** For one who asks there must be more than was promised to others. */
  function unitsFor({ units }: Waiter, now: EpochMs): number {
    promised = promised.filter(({ until }) => until > now);
    return sumOf(promised) + units;
  }

  return {
    enter(waiter) {
      promised.shift();
      entering.push(waiter);
    },
    look: (waiter) => looking.push(waiter),
    all: () => [...entering, ...looking],

    next(now) {
      const [first] = entering;
      if (first !== undefined) return { units: first.units, isAsking: false };
      const [asking] = looking;
      return asking && { units: unitsFor(asking, now), isAsking: true };
    },

    dismiss(now, isEverybody) {
      const isOver = ({ deadline }: Waiter): boolean => isEverybody || deadline <= now;
      const over = [...entering, ...looking].filter(isOver);
      entering = entering.filter((waiter) => !isOver(waiter));
      looking = looking.filter((waiter) => !isOver(waiter));
      for (const { resolve } of over) resolve(undefined);
    },

    serve(now, pass, isReady) {
      // in order: small requests would overtake a large one for ever
      for (let first = entering[0]; first !== undefined; first = entering[0]) {
        const own = pass(first.units);
        if (own === undefined) return;
        entering.shift();
        first.resolve(own);
      }
      for (let first = looking[0]; first !== undefined; first = looking[0]) {
        if (!isReady(unitsFor(first, now))) return;
        promised.push({ units: first.units, until: now + PROMISED_MS });
        looking.shift();
        first.resolve(NOTHING);
      }
    },

    rejectAll(error) {
      const all = [...entering, ...looking];
      entering = [];
      looking = [];
      for (const { reject } of all) reject(error);
    },
  };
}
