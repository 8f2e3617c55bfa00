import fc from 'fast-check';
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

test('between any two moments hardly more than a burst and the even pace goes, whatever pauses there are', () => {
  const pauses = fc.array(fc.constantFrom(0, 0, 0, 0, 3, 40, 700), {
    minLength: 1,
    maxLength: 300,
    size: 'max',
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), pauses, (credits, all) => {
      const pace = createPace();
      pace.setShare(credits, 1_000, 0);
      const burst = Math.max(2, credits < 50 ? Math.min(credits, 10) : credits / 20);
      const sent: number[] = [];
      let now = 0;
      for (const pauseMs of all) {
        now = Math.max(now + pauseMs, pace.readyAt(1, now + pauseMs));
        pace.spend(1, now);
        sent.push(now);
      }
      for (const [index, from] of sent.entries()) {
        const count = sent.length - index;
        const most = burst + ((now - from) * credits * 1.05) / 1_000;
        expect(count).toBeLessThanOrEqual(most + 1e-6);
      }
    }),
  );
});

test('a share that grows or shrinks takes effect at once', () => {
  const pace = createPace();
  pace.setShare(200, 1_000, 0);
  pace.spend(10, 0);
  const before = pace.readyAt(1, 0);
  pace.setShare(400, 1_000, 0);

  expect(pace.readyAt(1, 0)).toBeLessThan(before);
  pace.setShare(100, 1_000, 0);
  expect(pace.readyAt(1, 0)).toBeGreaterThan(before);
});
