import type { ShareChange, Shares } from '../../../lib/model/shares';
import { applyChange } from './apply-change';
import type { Chance, Timeline } from './timeline';

/** The one item in DynamoDB, some milliseconds away. */
export class SimulatedTable {
  shares: Shares | undefined;
  writes = 0;
  looks = 0;

  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #limit: number;
  readonly #loses: number;

  /** @param loses of so many writes nobody hears what became of them: done or not */
  constructor(timeline: Timeline, chance: Chance, limit: number, loses: number) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#limit = limit;
    this.#loses = loses;
  }

  forgetCalls(): void {
    this.writes = this.looks = 0;
  }

  write(
    change: ShareChange,
    answer: (isDone: boolean, shares: Shares | undefined) => void,
    fail: () => void,
  ): void {
    const isLost = this.#chance.happens(this.#loses);
    if (isLost) this.#timeline.after(60, fail);
    if (isLost && this.#chance.happens(0.5)) return;
    this.#timeline.after(this.#legMs(), () => {
      this.writes += 1;
      const after = applyChange(this.shares, change, this.#limit);
      this.shares = after ?? this.shares;
      const { shares } = this;
      if (!isLost) this.#timeline.after(this.#legMs(), () => answer(after !== undefined, shares));
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
