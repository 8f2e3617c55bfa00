/** How what is asked for one by one is done together. */
export interface Gathering<Item, Answer> {
  /** What of it is done together. */
  readonly keyOf: (item: Item) => string;
  /** Others are waited for so long after the first. */
  readonly waitMs: number;
  /** So many are no longer waited with. */
  readonly atMost: number;
  /** Whether these are all that are to be expected. */
  readonly isAll?: (items: readonly Item[]) => boolean;
  /** Does it, and answers each in the order they came. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
}

interface Batch<Item, Answer> {
  readonly asked: { readonly item: Item; readonly answer: PromiseWithResolvers<Answer> }[];
  readonly timer: NodeJS.Timeout;
}

/** Gathers items that come at about the same time; all of a batch fail where doing it fails. */
export function createGatherer<Item, Answer>({
  keyOf,
  waitMs,
  atMost,
  isAll = () => false,
  run,
}: Gathering<Item, Answer>): (item: Item) => Promise<Answer> {
  const open = new Map<string, Batch<Item, Answer>>();

  async function close(key: string): Promise<void> {
    const batch = open.get(key);
    if (batch === undefined) return;
    open.delete(key);
    clearTimeout(batch.timer);
    try {
      const answers = await run(batch.asked.map(({ item }) => item));
      for (const [index, value] of answers.entries()) batch.asked[index]?.answer.resolve(value);
    } catch (error) {
      for (const { answer } of batch.asked) answer.reject(error);
    }
  }

  return (item) => {
    const key = keyOf(item);
    const batch = open.get(key) ?? { asked: [], timer: setTimeout(() => close(key), waitMs) };
    open.set(key, batch);
    const answer = Promise.withResolvers<Answer>();
    batch.asked.push({ item, answer });
    const items = batch.asked.map((one) => one.item);
    if (items.length >= atMost || isAll(items)) void close(key);
    return answer.promise;
  };
}
