import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds, for five seconds at most; then the test fails. */
export async function waitUntil(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !condition(); tries += 1) await delay(5);
  expect(condition()).toBe(true);
}
