import { keepFor } from '../../lib/aws/keep-for';
import { holdClock } from '../support/aws';

const KEEP_MS = 1_000;

const clock = holdClock();
afterAll(() => clock.release());

/** Loads that end when they are told to, and a count of them. */
function heldLoads() {
  const loads: { key: string; answer(value: string): void; fail(): void }[] = [];
  const kept = keepFor(
    KEEP_MS,
    (key) =>
      new Promise<string>((answer, refuse) => {
        loads.push({ key, answer, fail: () => refuse(new Error(`${key} failed`)) });
      }),
  );
  return { kept, loads };
}

test('callers that come while it loads share one load', async () => {
  const { kept, loads } = heldLoads();
  const callers = [kept.get('a'), kept.get('a'), kept.get('a')];

  loads[0]?.answer('value');

  expect(await Promise.all(callers)).toEqual(['value', 'value', 'value']);
  expect(loads).toHaveLength(1);
});

test('a value is kept for its time, counted from when it was asked for', async () => {
  let loads = 0;
  const kept = keepFor(KEEP_MS, async () => {
    loads += 1;
    await null;
    clock.pass(400);
    return loads;
  });

  expect(await kept.get('a')).toBe(1);
  clock.pass(599);
  expect(await kept.get('a')).toBe(1);
  clock.pass(1);
  expect(await kept.get('a')).toBe(2);
});

test('keys are kept apart', async () => {
  const { kept, loads } = heldLoads();
  const both = Promise.all([kept.get('a'), kept.get('b')]);

  for (const { key, answer } of loads) answer(key.toUpperCase());

  expect(await both).toEqual(['A', 'B']);
});

test('a failure reaches all who waited for it and is not remembered', async () => {
  const { kept, loads } = heldLoads();
  const callers = Promise.allSettled([kept.get('a'), kept.get('a')]);
  loads[0]?.fail();
  expect((await callers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

  const again = kept.get('a');
  loads[1]?.answer('better');

  expect(await again).toBe('better');
});

test('an old failure does not take a younger value away', async () => {
  const { kept, loads } = heldLoads();
  const old = kept.get('a');
  kept.forget('a');
  const young = kept.get('a');
  loads[1]?.answer('young');
  await young;

  loads[0]?.fail();
  await expect(old).rejects.toThrow('a failed');

  expect(await kept.get('a')).toBe('young');
  expect(loads).toHaveLength(2);
});

test('what is forgotten is loaded again, even while it is still being loaded', async () => {
  const { kept, loads } = heldLoads();
  const before = kept.get('a');
  kept.forget('a');
  const after = kept.get('a');

  loads[1]?.answer('new');
  loads[0]?.answer('old');

  expect(await Promise.all([before, after, kept.get('a')])).toEqual(['old', 'new', 'new']);
});
