import type { Lane } from '../../../lib/model/push-job';
import type { Shares } from '../../../lib/model/shares';
import type { Setting, Trip } from './setting';
import { SimulatedContainer } from './simulated-container';
import { SimulatedTable } from './simulated-table';
import { Chance, Timeline } from './timeline';

export type { Setting } from './setting';

/** What came of it. */
export interface Outcome {
  readonly accepted: number;
  readonly refused: number;
  readonly writes: number;
  readonly looks: number;
  /** Accepted units in each second, the warm ones included. */
  readonly perSecond: readonly number[];
  readonly refusedPerSecond: readonly number[];
  /** Of the configured limit, as the vendor took it, in the counted time. */
  readonly utilisation: number;
  readonly shares: Shares | undefined;
  /** Of each lane's requests in the counted time: how long they waited in a container until they were sent, sorted. */
  readonly waitsMs: Readonly<Record<Lane, readonly number[]>>;
  /** Of each lane's requests, how many went back to the queue. */
  readonly away: Readonly<Record<Lane, number>>;
}

export const NEAR: Trip = (chance) => ({
  thereMs: 7 + chance.between(0, 3) + (chance.happens(0.0005) ? chance.between(100, 300) : 0),
  backMs: 8 + chance.between(0, 7) + (chance.happens(0.0005) ? chance.between(100, 300) : 0),
});

/** Runs containers against a vendor on a simulated time line: the real rules, nothing else of the real thing. */
export function simulate(setting: Setting): Outcome {
  const timeline = new Timeline();
  const chance = new Chance(setting.seed * 7_919 + 13);
  const table = new SimulatedTable(timeline, chance, setting.limit, setting.losesAnswers ?? 0);
  const warmMs = (setting.warmSeconds ?? 10) * 1_000;
  const endMs = warmMs + setting.seconds * 1_000;
  const perSecond: number[] = [];
  const refusedPerSecond: number[] = [];
  const count = (counts: number[], units: number) => {
    const second = Math.floor(timeline.now / 1_000);
    counts[second] = (counts[second] ?? 0) + units;
  };
  const vendor = (units: number, answer: (isAccepted: boolean) => void) => {
    const { thereMs, backMs } = (setting.trip ?? NEAR)(chance);
    timeline.after(thereMs, () => {
      const isAccepted = setting.vendor.admit(timeline.now, units);
      count(isAccepted ? perSecond : refusedPerSecond, units);
      timeline.after(backMs, () => answer(isAccepted));
    });
  };
  const waits: Record<Lane, number[]> = { direct: [], bulk: [] };
  const away: Record<Lane, number> = { direct: 0, bulk: 0 };
  const hear = {
    sent: (lane: Lane, afterMs: number) => {
      if (timeline.now >= warmMs) waits[lane].push(afterMs);
    },
    turnedAway: (lane: Lane, requests: number) => {
      if (timeline.now >= warmMs) away[lane] += requests;
    },
  };
  let born = 0;
  const start = (index: number) =>
    new SimulatedContainer({
      index,
      id: `c${born++}`,
      timeline,
      chance,
      table,
      vendor,
      setting,
      hear,
    });
  const containers = Array.from({ length: setting.containers }, (_, index) => start(index));
  const { killEveryMs, everySecond } = setting;
  if (killEveryMs !== undefined) {
    const kill = () => {
      const index = Math.floor(chance.unit() * containers.length);
      containers[index]?.kill();
      containers[index] = start(index);
      timeline.after(killEveryMs, kill);
    };
    timeline.after(killEveryMs, kill);
  }
  for (let second = 0; second * 1_000 < endMs; second++) {
    timeline.at(second * 1_000, () => everySecond?.(second, setting.vendor));
  }
  timeline.at(warmMs, () => table.forgetCalls());
  timeline.runUntil(endMs);
  const counted = (counts: number[]) =>
    Array.from(
      { length: setting.seconds },
      (_, second) => counts[second + warmMs / 1_000] ?? 0,
    ).reduce((a, b) => a + b, 0);
  const accepted = counted(perSecond);
  return {
    accepted,
    refused: refusedPerSecond.reduce((sum, units) => sum + (units ?? 0), 0),
    writes: table.writes,
    looks: table.looks,
    perSecond,
    refusedPerSecond,
    utilisation: accepted / (setting.limit * setting.seconds),
    shares: table.shares,
    waitsMs: { direct: waits.direct.toSorted(byMs), bulk: waits.bulk.toSorted(byMs) },
    away,
  };
}

function byMs(one: number, other: number): number {
  return one - other;
}
