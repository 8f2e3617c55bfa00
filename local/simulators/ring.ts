/** The last `capacity` things put in; older ones fall out. */
export class Ring<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    if (this.#capacity === 0) return;
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** The newest `count` of them, oldest first. */
  last(count: number = this.#capacity): readonly T[] {
    const ordered = [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)];
    return count <= 0 ? [] : ordered.slice(-count);
  }

  clear(): void {
    this.#items.length = 0;
    this.#next = 0;
  }
}
