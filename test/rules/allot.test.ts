import fc from 'fast-check';
import type { Lane } from '../../lib/model/push-job';
import { allot, type Claimant, keptForDirect } from '../../lib/rules/allot';

function aClaimant(id: string, lane: Lane, need: number, credits = 0): Claimant {
  return { id, lane, need, credits };
}

test('who needs little gets that, and the others share what is left alike', () => {
  const shares = allot(
    100,
    [aClaimant('a', 'direct', 10), aClaimant('b', 'direct', 200), aClaimant('c', 'direct', 200)],
    1,
    0,
  );

  expect(Object.fromEntries(shares)).toEqual({ a: 10, b: 45, c: 45 });
});

test('calls and 1-to-1 messages go before groups, which get a tenth at least', () => {
  const shares = allot(100, [aClaimant('a', 'direct', 500), aClaimant('b', 'bulk', 500)], 1, 0);

  expect(Object.fromEntries(shares)).toEqual({ a: 90, b: 10 });
});

test('a container that could send no request with its share gets none', () => {
  const all = ['a', 'b', 'c', 'd'].map((id) => aClaimant(id, 'bulk', 3_000));
  const shares = allot(3_000, all, 1_000, 0);

  expect([...shares.values()]).toEqual([1_000, 1_000, 1_000]);
});

test('who holds most keeps it where there is not enough for all', () => {
  const all = [aClaimant('a', 'bulk', 900), aClaimant('b', 'bulk', 900, 900)];

  expect([...allot(1_000, all, 900, 0).keys()]).toEqual(['b']);
});

test('a limit too small for both is theirs by turns', () => {
  const all = [aClaimant('a', 'direct', 5), aClaimant('b', 'bulk', 5)];

  expect([...allot(1, all, 1, 0).keys()]).toEqual(['a']);
  expect([...allot(1, all, 1, 4_000).keys()]).toEqual(['b']);
});

test('groups leave some free for the next call, more where there are calls, none where it would cost a request', () => {
  const bulk = aClaimant('a', 'bulk', 1_000);

  expect(keptForDirect(1_000, [bulk], 1)).toBe(5);
  expect(keptForDirect(1_000, [bulk, aClaimant('b', 'direct', 1)], 1)).toBe(20);
  expect(keptForDirect(3_000, [bulk], 1_000)).toBe(0);
  expect(keptForDirect(10, [bulk], 1)).toBe(0);
});

test('never more than there is, never more than needed, never too little for a request', () => {
  const claimant = fc.record({
    lane: fc.constantFrom<Lane>('direct', 'bulk'),
    need: fc.integer({ min: 0, max: 2_000 }),
    credits: fc.integer({ min: 0, max: 500 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_000 }),
      fc.array(claimant, { maxLength: 12 }),
      fc.constantFrom(1, 100, 1_000),
      fc.integer({ min: 0, max: 100_000 }),
      (total, some, largestRequest, now) => {
        const all = some.map((one, index) => ({ ...one, id: String(index) }));
        const shares = allot(total, all, Math.min(largestRequest, total), now);
        const sum = [...shares.values()].reduce((one, other) => one + other, 0);
        expect(sum).toBeLessThanOrEqual(total);
        for (const { id, need } of all) expect(shares.get(id) ?? 0).toBeLessThanOrEqual(need);
        const groups = all.filter(({ id, lane }) => lane === 'bulk' && (shares.get(id) ?? 0) > 0);
        // who alone is served may get less than a request: all there is
        for (const { id, need } of groups.length > 1 ? groups : []) {
          expect(shares.get(id)).toBeGreaterThanOrEqual(Math.min(need, largestRequest, total));
        }
      },
    ),
  );
});

const bothLanes = fc.record({
  total: fc.integer({ min: 20, max: 3_000 }),
  direct: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 6 }),
  bulk: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 6 }),
});

function given(total: number, needs: { direct: readonly number[]; bulk: readonly number[] }) {
  const direct = needs.direct.map((need, index) => aClaimant(`d${index}`, 'direct', need));
  const bulk = needs.bulk.map((need, index) => aClaimant(`b${index}`, 'bulk', need));
  const shares = allot(total, [...direct, ...bulk], 1, 0);
  const sum = (some: readonly Claimant[]) =>
    some.reduce((all, { id }) => all + (shares.get(id) ?? 0), 0);
  return { direct: sum(direct), bulk: sum(bulk) };
}

const sumOf = (needs: readonly number[]): number => needs.reduce((one, other) => one + other, 0);

test('while a call or a 1-to-1 message lacks credits, groups get no more than their least share', () => {
  fc.assert(
    fc.property(bothLanes, ({ total, direct, bulk }) => {
      const shares = given(total, { direct, bulk });
      const leastBulk = Math.min(sumOf(bulk), Math.ceil(total * 0.1));
      const isLacking = shares.direct < sumOf(direct);
      expect(isLacking ? shares.bulk : leastBulk).toBeLessThanOrEqual(leastBulk);
    }),
  );
});

test('where calls and 1-to-1 messages could use all, groups get their tenth or what they need of it', () => {
  fc.assert(
    fc.property(bothLanes, ({ total, direct, bulk }) => {
      const shares = given(total, { direct: [...direct, total], bulk });
      expect(shares.bulk).toBe(Math.min(sumOf(bulk), Math.ceil(total * 0.1)));
      expect(shares.direct + shares.bulk).toBe(total);
    }),
  );
});

test('single messages get their share however large the requests of groups are', () => {
  const share = (total: number, direct: number, bulk: number) =>
    Object.fromEntries(
      allot(total, [aClaimant('d', 'direct', direct), aClaimant('b', 'bulk', bulk)], 1_000, 0),
    );

  expect(share(1_500, 600, 1_500)).toEqual({ d: 500, b: 1_000 });
  expect(share(3_000, 600, 3_000)).toEqual({ d: 600, b: 2_340 });
  expect(share(3_000, 1_980, 3_000)).toEqual({ d: 1_980, b: 1_000 });
});

test('under a limit that is less than a whole request, who is served gets all of it', () => {
  expect([...allot(490, [aClaimant('a', 'bulk', 500)], 500, 0).values()]).toEqual([490]);
});
