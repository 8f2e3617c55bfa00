interface Hidden {
  readonly hiddenUntilMs: number;
  heapIndex: number;
}

/** Messages that nobody may receive yet, the next one due first: a binary heap whose items know their place. */
export class HiddenMessages<T extends Hidden> {
  readonly #items: T[] = [];

  /** The one due first. */
  get next(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#moveUp(item, this.#items.length - 1);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#moveUp(last, index);
    this.#moveDown(last, last.heapIndex);
  }

  #moveUp(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (parent === undefined || parent.hiddenUntilMs <= item.hiddenUntilMs) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #moveDown(item: T, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#items[2 * index + 1];
      const right = this.#items[2 * index + 2];
      const child =
        right !== undefined && left !== undefined && right.hiddenUntilMs < left.hiddenUntilMs
          ? right
          : left;
      if (child === undefined || child.hiddenUntilMs >= item.hiddenUntilMs) break;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
