import { createSavedBodies } from '../../../lib/vendors/vivo/saved-bodies';

function someBodies() {
  const clock = { at: 1_000_000, now: () => clock.at };
  let count = 0;
  const bodies = createSavedBodies<number>((saved) => saved > 0, clock);
  const get = (key: string) => bodies.get(key, async () => ++count);
  return { bodies, clock, get };
}

test('a body is saved once for all who want it within a minute', async () => {
  const { clock, get } = someBodies();

  expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual([1, 1, 2]);
  clock.at += 59_999;
  expect(await get('a')).toBe(1);
  clock.at += 1;
  expect(await get('a')).toBe(3);
});

test('what came to nothing, broke or was forgotten is saved anew', async () => {
  const { bodies, get } = someBodies();

  expect(await bodies.get('a', async () => 0)).toBe(0);
  await expect(bodies.get('a', () => Promise.reject(new Error('store')))).rejects.toThrow('store');
  expect(await get('a')).toBe(1);
  bodies.forget('a');
  expect(await get('a')).toBe(2);
});
