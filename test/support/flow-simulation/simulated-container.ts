import type { Lane } from '../../../lib/model/push-job';
import type { Shares } from '../../../lib/model/shares';
import type { Use } from '../../../lib/rules/credit-pool';
import { requestSize } from '../../../lib/rules/request-size';
import { createShareHolder, type ShareHolder } from '../../../lib/rules/share-holder';
import type { Setting } from './setting';
import type { SimulatedTable } from './simulated-table';
import type { Chance, Timeline } from './timeline';

interface ContainerParts {
  readonly index: number;
  readonly id: string;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly table: SimulatedTable;
  readonly vendor: (units: number, answer: (isAccepted: boolean) => void) => void;
  readonly setting: Setting;
  /** What became of requests. */
  readonly hear: {
    sent(lane: Lane, afterMs: number): void;
    turnedAway(lane: Lane, requests: number): void;
  };
}

/** One Lambda container: an invocation at a time, frozen in between. */
export class SimulatedContainer {
  readonly #parts: ContainerParts;
  readonly #holder: ShareHolder;
  readonly #lane: Lane;
  readonly #largest: number;
  readonly #aheadMs: number;
  #waiting = 0;
  #out = 0;
  #isBusyWithTable = false;
  #isDead = false;
  #stalledUntil = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #invocation = 0;
  #invokedAt = 0;

  constructor(parts: ContainerParts) {
    const { id, chance, setting, index, timeline } = parts;
    this.#parts = parts;
    this.#lane = setting.lane?.(index) ?? 'direct';
    const { weight = 1 } = setting;
    this.#largest = typeof weight === 'number' ? weight : weight(index);
    const apart = setting.clocksApartMs ?? 0;
    this.#aheadMs = chance.between(-apart, apart);
    let writes = 0;
    const limits = {
      limit: setting.limit,
      largestRequest: setting.largestRequest ?? this.#largest,
    };
    this.#holder = createShareHolder(id, limits, () => `${id}.${writes++}`);
    if (setting.stalls) this.#stallLater();
    timeline.after(chance.between(0, 500), () => this.#invoke());
  }

  kill(): void {
    this.#isDead = true;
  }

  /** As large as requests are under what refusals have left of the limit. */
  get #weight(): number {
    const { limit } = this.#parts.setting;
    return requestSize(this.#largest, limit - (this.#holder.shares?.cut ?? 0));
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
    const { timeline, setting } = this.#parts;
    const { batch = 300, patienceMs } = setting;
    this.#waiting = typeof batch === 'number' ? batch : batch(this.#parts.index);
    this.#invokedAt = timeline.now;
    this.#invocation += 1;
    const invocation = this.#invocation;
    if (patienceMs !== undefined) {
      timeline.after(patienceMs, () => {
        if (invocation === this.#invocation) this.#giveUpWaiting();
      });
    }
    this.#pump();
  }

  #giveUpWaiting(): void {
    if (this.#isDead || this.#waiting === 0) return;
    this.#parts.hear.turnedAway(this.#lane, this.#waiting);
    this.#waiting = 0;
    if (this.#out === 0) this.#end();
  }

  #end(): void {
    const { setting, chance, timeline, table } = this.#parts;
    const { ms, isDone } = setting.gap?.(chance, this.#parts.index) ?? {
      ms: chance.between(15, 45),
      isDone: false,
    };
    const change = isDone
      ? this.#holder.planRelease(this.#lane, timeline.now, this.#wall)
      : undefined;
    if (change === undefined) {
      timeline.after(ms, () => this.#invoke());
      return;
    }
    const goOn = (): void => timeline.after(ms, () => this.#invoke());
    const answer = (isWritten: boolean, shares: Shares | undefined): void => {
      if (isWritten) this.#holder.released();
      else this.#holder.saw(shares, false, timeline.now);
      goOn();
    };
    table.write(change, answer, goOn);
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
    this.#parts.hear.sent(this.#lane, this.#parts.timeline.now - this.#invokedAt);
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
    const answer = (isDone: boolean, shares: Shares | undefined): void => {
      if (this.#isDead) return;
      if (isDone && shares !== undefined) holder.wrote(shares, began, timeline.now);
      else holder.saw(shares, false, timeline.now);
      finish();
    };
    table.write(change, answer, finish);
  }
}
