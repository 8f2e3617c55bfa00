import fc from 'fast-check';
import { createCreditPool, type Use, WINDOW_MS } from '../../lib/rules/credit-pool';

test('credits are taken all or nothing, and not before they are ready', () => {
  const pool = createCreditPool();
  pool.add(3, 100);

  expect(pool.take(1, 99)).toBeUndefined();
  expect(pool.take(4, 100)).toBeUndefined();
  expect(pool.take(2, 100)).toMatchObject({ units: 2 });
  expect([pool.idle, pool.out, pool.ready(100)]).toEqual([1, 2, 1]);
});

test('credits that cool are ready one by one, the last at the end', () => {
  const pool = createCreditPool();
  pool.add(4, 1_000, WINDOW_MS);

  expect([1, 2, 3, 4].map(pool.readyAt)).toEqual([1_250, 1_500, 1_750, 2_000]);
  expect(pool.readyAt(5)).toBeUndefined();
});

test('a credit comes back a window after its answer', () => {
  const pool = createCreditPool();
  pool.add(1, 0);
  const use = pool.take(1, 0);

  expect(pool.readyAt(1)).toBeUndefined();
  if (use !== undefined) pool.giveBack(use, 60_000);
  expect(pool.readyAt(1)).toBe(60_000 + WINDOW_MS);
});

test('once many answers have told how far the vendor is, a credit comes back sooner by less than that', () => {
  const pool = createCreditPool();
  pool.add(1, 0);
  let now = 0;
  for (let answers = 0; answers < 100; answers++) {
    const use = pool.take(1, now);
    if (use === undefined) throw new Error('the credit is not ready');
    pool.giveBack(use, now + 100);
    now = pool.readyAt(1) ?? now;
  }

  const use = pool.take(1, now);
  if (use !== undefined) pool.giveBack(use, now + 100);
  const waits = (pool.readyAt(1) ?? 0) - (now + 100);

  expect(waits).toBeLessThan(WINDOW_MS - 75);
  expect(waits).toBeGreaterThan(WINDOW_MS - 100);
});

test('what was in use when all was lost holds back as many of the next credits', () => {
  const pool = createCreditPool();
  pool.add(2, 0);
  const use = pool.take(2, 0);
  pool.empty();
  pool.add(3, 10);

  expect([pool.ready(10), pool.idle]).toEqual([1, 3]);
  if (use !== undefined) pool.giveBack(use, 50);
  expect([pool.readyAt(1), pool.readyAt(3)]).toEqual([10, 50 + WINDOW_MS]);
});

test('what the vendor refused is retired from those used last', () => {
  const pool = createCreditPool();
  pool.add(1, 0);
  pool.add(1, 500);

  expect(pool.retire(1)).toBe(1);
  expect(pool.readyAt(1)).toBe(0);
  expect(pool.retire(5)).toBe(1);
});

/** When each credit of a pool is ready. */
function timesOf(pool: ReturnType<typeof createCreditPool>): number[] {
  return Array.from({ length: pool.idle }, (_, index) => pool.readyAt(index + 1) ?? 0);
}

test('credits given up evenly are never used sooner than they would have been', () => {
  const runs = fc.array(
    fc.record({ units: fc.integer({ min: 1, max: 5 }), at: fc.integer({ min: 0, max: 1_500 }) }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(runs, fc.integer({ min: 0, max: 200 }), (added, wanted) => {
      const pool = createCreditPool();
      for (const { units, at } of added) pool.add(units, at);
      const before = timesOf(pool);

      const { units, coolMs, overMs } = pool.removeEvenly(wanted, 200);

      const left = timesOf(pool);
      const removed = [...before];
      for (const time of left) removed.splice(removed.indexOf(time), 1);
      expect(units).toBe(Math.min(wanted, before.length));
      expect(removed).toHaveLength(units);
      for (const [index, time] of removed.entries()) {
        const used = 200 + coolMs + (overMs * (index + 1)) / units;
        expect(used).toBeGreaterThanOrEqual(time - 1e-6);
      }
    }),
  );
});

test('one credit given up is ready when it would have been, and of some the first is the earliest', () => {
  const pool = createCreditPool();
  for (const at of [300, 400, 700, 900]) pool.add(1, at);

  expect(pool.removeEvenly(1, 200)).toEqual({ units: 1, coolMs: 100, overMs: 0 });
  expect(pool.removeEvenly(2, 200)).toEqual({ units: 2, coolMs: -100, overMs: 600 });
  expect(pool.removeEvenly(0, 200).units).toBe(0);
  expect(timesOf(pool)).toEqual([900]);
});

test('no two uses of a credit arrive within a window, whatever the ways there and back take', () => {
  const trips = fc.array(
    fc.record({ there: fc.integer({ min: 5, max: 900 }), back: fc.integer({ min: 5, max: 900 }) }),
    { minLength: 1, maxLength: 200 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), trips, (credits, all) => {
      const pool = createCreditPool();
      pool.add(credits, 0);
      const out: { use: Use; answerAt: number }[] = [];
      const arrivals: number[] = [];
      let now = 0;
      for (const { there, back } of all) {
        while (pool.readyAt(1) === undefined) {
          out.sort((one, other) => one.answerAt - other.answerAt);
          const first = out.shift();
          if (first === undefined) return false;
          pool.giveBack(first.use, first.answerAt);
        }
        now = Math.max(now, pool.readyAt(1) ?? now);
        const use = pool.take(1, now);
        if (use === undefined) return false;
        arrivals.push(now + there);
        out.push({ use, answerAt: now + there + back });
      }
      arrivals.sort((one, other) => one - other);
      return arrivals.every((at, index) => {
        const before = arrivals[index - credits];
        return before === undefined || at - before >= WINDOW_MS;
      });
    }),
  );
});

test('at the far end no window ever sees more units than there are credits, once many answers have told how far the vendor is', () => {
  // ways that vary by less than the share of a round trip that is not trusted
  const far = fc.record({
    there: fc.integer({ min: 5, max: 400 }),
    back: fc.integer({ min: 5, max: 400 }),
  });
  const requests = fc.array(
    fc.record({
      units: fc.integer({ min: 1, max: 4 }),
      idleMs: fc.constantFrom(0, 0, 0, 1, 250, 3_000),
      lateThere: fc.double({ min: 0, max: 1, noNaN: true }),
      lateBack: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 60, maxLength: 150, size: 'max' },
  );
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 12 }), far, requests, (credits, { there, back }, all) => {
      const pool = createCreditPool();
      pool.add(credits, 0);
      const out: { use: Use; answerAt: number }[] = [];
      const arrivals: { at: number; units: number }[] = [];
      const variesMs = (there + back) / 12;
      let now = 0;
      for (const { units, idleMs, lateThere, lateBack } of all) {
        now += idleMs;
        let use = pool.take(units, now);
        while (use === undefined) {
          out.sort((one, other) => one.answerAt - other.answerAt);
          const [first] = out;
          const readyAt = pool.readyAt(units) ?? Number.POSITIVE_INFINITY;
          if (first !== undefined && first.answerAt <= readyAt) {
            now = Math.max(now, first.answerAt);
            pool.giveBack(first.use, now);
            out.shift();
          } else now = Math.max(now, readyAt);
          use = pool.take(units, now);
        }
        const at = now + there + lateThere * variesMs;
        arrivals.push({ at, units });
        out.push({ use, answerAt: at + back + lateBack * variesMs });
      }
      for (const { at } of arrivals) {
        const inWindow = arrivals.filter((one) => one.at > at - WINDOW_MS + 1e-6 && one.at <= at);
        expect(inWindow.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(credits);
      }
    }),
  );
});

test('however often all is lost, what is ready and what is still in use are together never more than the last share', () => {
  const acts = fc.array(
    fc.oneof(
      fc.record({ act: fc.constant('take' as const), units: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ act: fc.constant('answer' as const), units: fc.nat(20) }),
      fc.record({ act: fc.constant('lose' as const), units: fc.integer({ min: 4, max: 9 }) }),
    ),
    { maxLength: 80, size: 'max' },
  );
  fc.assert(
    fc.property(acts, (all) => {
      const pool = createCreditPool();
      pool.add(6, 0);
      let [share, now] = [6, 0];
      const uses: Use[] = [];
      for (const { act, units } of all) {
        now += 100;
        if (act === 'take') {
          const use = pool.take(units, now);
          if (use !== undefined) uses.push(use);
        } else if (act === 'answer') {
          const [use] = uses.splice(units % Math.max(1, uses.length), 1);
          if (use !== undefined) pool.giveBack(use, now);
        } else {
          pool.empty();
          pool.add(units, now);
          share = units;
        }
        const inUse = uses.reduce((sum, use) => sum + use.units, 0);
        const ready = pool.ready(now);
        expect(ready === 0 || ready + inUse <= share).toBe(true);
        expect(pool.idle + pool.out).toBe(share);
      }
    }),
  );
});

test('a request without an answer says nothing of how far the vendor is', () => {
  const waitAfter = (isAnswered: boolean): number => {
    const pool = createCreditPool();
    pool.add(100, 0);
    const uses = Array.from({ length: 100 }, () => pool.take(1, 0));
    for (const [index, use] of uses.entries()) {
      if (use && index > 0) pool.giveBack(use, 100);
    }
    const [first] = uses;
    if (first) pool.giveBack(first, 1, isAnswered);
    return (pool.readyAt(1) ?? 0) - 1;
  };

  expect(waitAfter(false)).toBeLessThan(waitAfter(true));
});
