import fc from 'fast-check';
import {
  claimsKey,
  heldEntry,
  lapsedEntry,
  readEntry,
  refusalBy,
  settledEntry,
  waitingEntry,
} from '../../lib/aws/claim-entry';
import { aPushJob, NOW } from '../support/builders';

const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const generation = fc.nat(100_000);

/** What DynamoDB compares; ours are ASCII. */
const isBetween = (entry: string, low: string, high: string) => low <= entry && entry <= high;

test('an entry lies between those of its generation exactly when its lease is over', () => {
  fc.assert(
    fc.property(generation, generation, time, time, (own, other, until, now) => {
      const isFree = isBetween(heldEntry(own, until), waitingEntry(other), lapsedEntry(other, now));

      expect(isFree).toBe(own === other && until < now);
    }),
  );
});

test('what waits for its next copy is free for that one alone, what is done for none', () => {
  fc.assert(
    fc.property(generation, generation, time, (own, other, now) => {
      const isFree = (end: 'done' | 'handed-over') =>
        isBetween(settledEntry(own, end), waitingEntry(other), lapsedEntry(other, now));

      expect([isFree('handed-over'), isFree('done')]).toEqual([other === own + 1, false]);
    }),
  );
});

test('an entry tells what was written, and two claims never write the same', () => {
  fc.assert(
    fc.property(generation, time, (own, until) => {
      const entry = heldEntry(own, until);

      expect(readEntry(entry)).toEqual({ state: 'claimed', generation: own, until });
      expect(heldEntry(own, until)).not.toBe(entry);
    }),
  );
});

test('a copy of an older generation is dropped, a newer one waits for the holder', () => {
  const held = readEntry(heldEntry(3, NOW));

  expect(refusalBy(held, 2, NOW)).toEqual({ claim: 'over' });
  expect(refusalBy(held, 4, NOW)).toEqual({ claim: 'held', until: NOW });
  expect(refusalBy(held, 4, NOW + 1)).toBeUndefined();
});

test('jobs of other apps, vendors, certificates and times lie elsewhere', () => {
  const places = [
    {},
    { appKey: 'app-2' },
    { vendor: 'fcm' as const },
    { certificate: 'other/cert' },
    { queuedAt: NOW + 200 },
  ].map((changes) => claimsKey(aPushJob({ queuedAt: NOW, ...changes })).pk);

  expect(new Set(places).size).toBe(places.length);
  expect(claimsKey(aPushJob({ queuedAt: NOW + 199 })).pk).toBe(places[0]);
});
