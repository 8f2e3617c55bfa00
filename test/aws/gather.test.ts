import { createGatherer } from '../../lib/aws/gather';

/** Gathers words by their first letter, and says how many came together. */
function aGatherer(waitMs: number, isAll?: (words: readonly string[]) => boolean) {
  const runs: string[][] = [];
  const gather = createGatherer<string, number>({
    keyOf: ([letter = '']) => letter,
    waitMs,
    atMost: 3,
    ...(isAll && { isAll }),
    async run(words) {
      runs.push([...words]);
      if (words.includes('bad')) throw new Error('refused');
      return words.map((_, index) => index);
    },
  });
  return { runs, gather };
}

test('what comes in one moment is done together, each key by itself, and each is told its own', async () => {
  const { runs, gather } = aGatherer(5);

  const answers = await Promise.all(['ant', 'cat', 'ape'].map(gather));

  expect(runs).toEqual([['ant', 'ape'], ['cat']]);
  expect(answers).toEqual([0, 0, 1]);
});

test('nobody waits once there are as many as may be done together, or all there are', async () => {
  const never = 60_000;
  const full = aGatherer(never);
  const whole = aGatherer(never, ({ length }) => length === 2);

  await Promise.all(['a1', 'a2', 'a3'].map(full.gather));
  await Promise.all(['a1', 'a2'].map(whole.gather));

  expect([full.runs, whole.runs]).toEqual([[['a1', 'a2', 'a3']], [['a1', 'a2']]]);
});

test('what fails together fails for each of it, and the next is begun anew', async () => {
  const { runs, gather } = aGatherer(5);

  const failed = await Promise.allSettled(['bad', 'bat'].map(gather));

  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gather('bee')).toBe(0);
  expect(runs).toEqual([['bad', 'bat'], ['bee']]);
});
