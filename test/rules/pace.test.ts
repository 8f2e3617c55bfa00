import { createPace } from '../../lib/rules/pace';

/** How many single units go until then, each as soon as it may. */
function sentUntil(end: number, credits: number, limit: number): number {
  const pace = createPace();
  pace.setShare(credits, limit, 0);
  let sent = 0;
  for (let now = 0; ; sent++) {
    now = Math.max(now, pace.readyAt(1, now));
    if (now > end) return sent;
    pace.spend(1, now);
  }
}

test('who holds much of the limit sends a twentieth of it at once, and then hardly faster than evenly', () => {
  expect(sentUntil(0, 200, 1_000)).toBe(10);
  expect(sentUntil(1_000, 200, 1_000)).toBe(220);
});

test('who holds little of it may use that at once', () => {
  expect(sentUntil(0, 8, 1_000)).toBe(8);
});

test('a request larger than any burst goes, and the next waits until it is paid off', () => {
  const pace = createPace();
  pace.setShare(1_000, 3_000, 0);

  expect(pace.readyAt(1_000, 0)).toBe(0);
  pace.spend(1_000, 0);
  expect(pace.readyAt(1, 0)).toBeGreaterThan(900);
});

test('who holds nothing sends nothing', () => {
  const pace = createPace();
  pace.setShare(0, 1_000, 0);
  pace.spend(2, 0);

  expect(pace.readyAt(1, 1_000)).toBe(Number.POSITIVE_INFINITY);
});
