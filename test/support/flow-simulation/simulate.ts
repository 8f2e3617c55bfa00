import type { Lane } from '../../../lib/model/push-job';
import type { ShareChange, Shares } from '../../../lib/model/shares';
import type { Use } from '../../../lib/rules/credit-pool';
import { createShareHolder, type ShareHolder } from '../../../lib/rules/share-holder';
import { applyChange } from './apply-change';
import { Chance, Timeline } from './timeline';
import type { VendorLimit } from './vendor-limits';

/** A way there and back, in milliseconds. */
export type Trip = (chance: Chance) => { readonly thereMs: number; readonly backMs: number };

export interface Setting {
  readonly seed: number;
  readonly vendor: VendorLimit;
  /** As configured. */
  readonly limit: number;
  readonly containers: number;
  readonly seconds: number;
  /** Not counted. */
  readonly warmSeconds?: number;
  /** Requests of one invocation. */
  readonly batch?: number | ((container: number) => number);
  /** Units of one request. */
  readonly weight?: number;
  readonly largestRequest?: number;
  readonly lane?: (container: number) => Lane;
  /** How far wall clocks are from the truth at most. */
  readonly clocksApartMs?: number;
  readonly trip?: Trip;
  /** A container is killed and replaced so often. */
  readonly killEveryMs?: number;
  /** After an invocation: how long until the next, and whether more work was known to wait. */
  readonly gap?: (
    chance: Chance,
    container: number,
  ) => { readonly ms: number; readonly isDone: boolean };
  /** The event loop stands still now and then. */
  readonly stalls?: boolean;
  /** Called every simulated second. */
  readonly everySecond?: (second: number, vendor: VendorLimit) => void;
}

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
}

export const NEAR: Trip = (chance) => ({
  thereMs: 7 + chance.between(0, 3) + (chance.happens(0.0005) ? chance.between(100, 300) : 0),
  backMs: 8 + chance.between(0, 7) + (chance.happens(0.0005) ? chance.between(100, 300) : 0),
});

/** Runs containers against a vendor on a simulated time line: the real rules, nothing else of the real thing. */
export function simulate(setting: Setting): Outcome {
  const timeline = new Timeline();
  const chance = new Chance(setting.seed * 7_919 + 13);
  const table = new Table(timeline, chance, setting.limit);
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
  let born = 0;
  const start = (index: number) =>
    new Container({ index, id: `c${born++}`, timeline, chance, table, vendor, setting });
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
  };
}

/** The one item in DynamoDB, some milliseconds away. */
class Table {
  shares: Shares | undefined;
  writes = 0;
  looks = 0;

  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #limit: number;

  constructor(timeline: Timeline, chance: Chance, limit: number) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#limit = limit;
  }

  forgetCalls(): void {
    this.writes = this.looks = 0;
  }

  write(change: ShareChange, answer: (isDone: boolean, shares: Shares | undefined) => void): void {
    this.#timeline.after(this.#legMs(), () => {
      this.writes += 1;
      const after = applyChange(this.shares, change, this.#limit);
      this.shares = after ?? this.shares;
      const { shares } = this;
      this.#timeline.after(this.#legMs(), () => answer(after !== undefined, shares));
    });
  }

  look(answer: (shares: Shares | undefined) => void): void {
    this.#timeline.after(this.#legMs(), () => {
      this.looks += 1;
      const { shares } = this;
      this.#timeline.after(this.#legMs(), () => answer(shares));
    });
  }

  #legMs(): number {
    return (
      1 + this.#chance.around(1) + (this.#chance.happens(0.001) ? this.#chance.between(40, 120) : 0)
    );
  }
}

interface ContainerParts {
  readonly index: number;
  readonly id: string;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly table: Table;
  readonly vendor: (units: number, answer: (isAccepted: boolean) => void) => void;
  readonly setting: Setting;
}

/** One Lambda container: an invocation at a time, frozen in between. */
class Container {
  readonly #parts: ContainerParts;
  readonly #holder: ShareHolder;
  readonly #lane: Lane;
  readonly #weight: number;
  readonly #aheadMs: number;
  #waiting = 0;
  #out = 0;
  #isBusyWithTable = false;
  #isDead = false;
  #stalledUntil = 0;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(parts: ContainerParts) {
    const { id, chance, setting, index, timeline } = parts;
    this.#parts = parts;
    this.#lane = setting.lane?.(index) ?? 'direct';
    this.#weight = setting.weight ?? 1;
    const apart = setting.clocksApartMs ?? 0;
    this.#aheadMs = chance.between(-apart, apart);
    let writes = 0;
    const limits = { limit: setting.limit, largestRequest: setting.largestRequest ?? this.#weight };
    this.#holder = createShareHolder(id, limits, () => `${id}.${writes++}`);
    if (setting.stalls) this.#stallLater();
    timeline.after(chance.between(0, 500), () => this.#invoke());
  }

  kill(): void {
    this.#isDead = true;
  }

  get #wall(): number {
    return this.#parts.timeline.now + this.#aheadMs + 1_000_000;
  }

  #stallLater(): void {
    const { timeline, chance } = this.#parts;
    timeline.after(chance.around(2_000), () => {
      this.#stalledUntil =
        timeline.now + (chance.happens(0.03) ? chance.between(80, 200) : chance.between(5, 30));
      if (!this.#isDead) this.#stallLater();
    });
  }

  #invoke(): void {
    if (this.#isDead) return;
    const { batch = 300 } = this.#parts.setting;
    this.#waiting = typeof batch === 'number' ? batch : batch(this.#parts.index);
    this.#pump();
  }

  #end(): void {
    const { setting, chance, timeline, table } = this.#parts;
    const { ms, isDone } = setting.gap?.(chance, this.#parts.index) ?? {
      ms: chance.between(15, 45),
      isDone: false,
    };
    const change = isDone ? this.#holder.planRelease(timeline.now, this.#wall) : undefined;
    if (change === undefined) {
      timeline.after(ms, () => this.#invoke());
      return;
    }
    table.write(change, (isWritten) => {
      if (isWritten) this.#holder.released();
      timeline.after(ms, () => this.#invoke());
    });
  }

  /** When timers fire: a little late, and not while the event loop stands still. */
  #wake(at: number): void {
    const { timeline, chance } = this.#parts;
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    const due = () => {
      if (timeline.now < this.#stalledUntil) return timeline.at(this.#stalledUntil, due);
      if (at !== this.#wakeAt) return;
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#pump();
    };
    timeline.at(Math.max(at, timeline.now) + 0.2 + chance.around(0.4), due);
  }

  #pump(): void {
    if (this.#isDead) return;
    const { timeline } = this.#parts;
    const holder = this.#holder;
    while (this.#waiting > 0) {
      const use = holder.take(this.#weight, timeline.now, this.#wall);
      if (use === undefined) break;
      this.#send(use);
    }
    this.#turnToTable();
    if (this.#waiting === 0) return;
    const readyAt =
      holder.readyAt(this.#weight, timeline.now, this.#wall) ?? Number.POSITIVE_INFINITY;
    this.#wake(Math.min(readyAt, timeline.now + 50));
  }

  #send(use: Use): void {
    this.#waiting -= 1;
    this.#out += 1;
    this.#parts.vendor(use.units, (isAccepted) => {
      this.#out -= 1;
      const { now } = this.#parts.timeline;
      if (this.#isDead) return;
      this.#holder.giveBack(use, now);
      if (!isAccepted) {
        this.#holder.refuse(use.units, now);
        this.#waiting += 1;
      }
      if (this.#waiting === 0 && this.#out === 0) this.#end();
      else this.#pump();
    });
  }

  #turnToTable(): void {
    if (this.#isBusyWithTable) return;
    const { timeline, table } = this.#parts;
    const holder = this.#holder;
    const units = this.#waiting * this.#weight;
    const step = holder.next(this.#lane, units, timeline.now, this.#wall);
    if (step === undefined) return;
    this.#isBusyWithTable = true;
    const finish = (): void => {
      this.#isBusyWithTable = false;
      this.#pump();
    };
    if (step !== 'write') {
      table.look((shares) => {
        if (!this.#isDead) {
          holder.saw(shares, step === 'look', timeline.now);
          finish();
        }
      });
      return;
    }
    const began = { now: timeline.now, wall: this.#wall };
    const { change } = holder.plan(this.#lane, units, timeline.now, this.#wall);
    table.write(change, (isDone, shares) => {
      if (this.#isDead) return;
      if (isDone && shares !== undefined) holder.wrote(shares, began, timeline.now);
      else holder.saw(shares, false, timeline.now);
      finish();
    });
  }
}
