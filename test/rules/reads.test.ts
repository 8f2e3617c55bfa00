import fc from 'fast-check';
import { MAX_READS, withRead } from '../../lib/rules/reads';
import { anAccount, NOW } from '../support/builders';

test('how far a conversation was read is kept', () => {
  expect(withRead(anAccount(), 'team', NOW)).toEqual({ ...anAccount(), reads: { team: NOW } });
});

test.each([NOW, NOW - 1])('reading less than before changes nothing', (upTo) => {
  const account = anAccount(undefined, { reads: { team: NOW } });

  expect(withRead(account, 'team', upTo)).toBeUndefined();
});

test('a conversation may have any name', () => {
  const account = withRead(anAccount(), '__proto__', NOW);

  expect(account && withRead(account, 'constructor', NOW)?.reads).toHaveProperty(
    'constructor',
    NOW,
  );
  expect(Object.keys(account?.reads ?? {})).toEqual(['__proto__']);
});

test('each conversation is read as far as ever told, and the newest are kept', () => {
  const read = fc.tuple(
    fc.nat({ max: 50 }).map((id) => `c${id}`),
    fc.nat({ max: 1_000 }),
  );
  fc.assert(
    fc.property(fc.array(read, { maxLength: 120 }), (told) => {
      const account = told.reduce(
        (before, [id, upTo]) => withRead(before, id, upTo) ?? before,
        anAccount(),
      );
      const farthest = new Map<string, number>();
      for (const [id, upTo] of told) farthest.set(id, Math.max(upTo, farthest.get(id) ?? 0));
      const reads = Object.entries(account.reads ?? {});
      const limit = [...farthest.values()].sort((a, b) => b - a)[MAX_READS] ?? -1;

      expect(reads.length).toBe(Math.min(MAX_READS, farthest.size));
      for (const [id, upTo] of reads) expect(upTo).toBe(farthest.get(id));
      for (const [id, upTo] of farthest) {
        if (upTo > limit) expect(account.reads?.[id]).toBe(upTo);
      }
    }),
  );
});
