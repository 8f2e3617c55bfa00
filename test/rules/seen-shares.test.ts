import type { Holder, Shares } from '../../lib/model/shares';
import { START } from '../../lib/rules/climb';
import { asSeen, unusedShares } from '../../lib/rules/seen-shares';

function aHolder(write: string): Holder {
  return { credits: 10, need: 10, lane: 'direct', until: 5_000, write };
}

function someShares(writes: Readonly<Record<string, string>>): Shares {
  const holders = Object.entries(writes).map(([id, write]): [string, Holder] => [
    id,
    aHolder(write),
  ]);
  return { ...unusedShares(100), free: 100 - 10 * holders.length, holders: new Map(holders) };
}

test('all credits of a certificate nobody has used lately are free', () => {
  expect(unusedShares(100)).toEqual({
    limit: 100,
    limitAt: 0,
    cut: 0,
    climb: START,
    free: 100,
    holders: new Map(),
  });
});

test('a share is seen from when it is first looked at', () => {
  const seen = asSeen(someShares({ a: 'w1' }), undefined, 300);

  expect(seen.holders.get('a')).toEqual({ ...aHolder('w1'), seenAt: 300 });
  expect(seen).toMatchObject({ limit: 100, free: 90 });
});

test('a share that was not written since keeps its time, one that was written is new', () => {
  const before = asSeen(someShares({ a: 'w1', b: 'w2' }), undefined, 300);
  const seen = asSeen(someShares({ a: 'w1', b: 'w3' }), before, 900);

  expect(seen.holders.get('a')?.seenAt).toBe(300);
  expect(seen.holders.get('b')?.seenAt).toBe(900);
});

test('a share that is gone is not remembered, and one that came is added', () => {
  const before = asSeen(someShares({ a: 'w1' }), undefined, 300);
  const seen = asSeen(someShares({ b: 'w2' }), before, 900);

  expect([...seen.holders.keys()]).toEqual(['b']);
  expect(seen.holders.get('b')?.seenAt).toBe(900);
});
