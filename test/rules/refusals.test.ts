import fc from 'fast-check';
import { createRefusals } from '../../lib/rules/refusals';

test('a refused credit is taken out, a quarter of all at most in one episode', () => {
  const refusals = createRefusals();

  expect(refusals.refused(1, 20, 0)).toBe(1);
  expect(refusals.refused(10, 19, 10)).toBe(4);
  expect(refusals.refused(1, 15, 1_200)).toBe(0);
  expect(refusals.refused(1, 15, 1_400)).toBe(1);
});

test('one credit always stays, or nobody would learn that it is over', () => {
  const refusals = createRefusals();

  expect(refusals.refused(5, 1, 0)).toBe(0);
});

test('a run of refusals is answered with silence, single ones among answers are not', () => {
  const [often, seldom] = [createRefusals(), createRefusals()];
  for (let now = 0; now < 7; now++) often.refused(1, 100, now);
  for (let now = 0; now < 70; now++) {
    if (now % 10 === 0) seldom.refused(1, 100, now);
    seldom.answered();
  }

  expect(often.silentUntil).toBe(6 + 1_200);
  expect(seldom.silentUntil).toBe(Number.NEGATIVE_INFINITY);
});

test('whatever is refused, no episode takes more than a quarter out, and a twentieth stays', () => {
  const refused = fc.array(
    fc.record({
      units: fc.integer({ min: 1, max: 60 }),
      afterMs: fc.integer({ min: 0, max: 1_500 }),
    }),
    { minLength: 1, maxLength: 80, size: 'max' },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), refused, (credits, all) => {
      const refusals = createRefusals();
      let held = credits;
      let now = 0;
      let episode = { at: Number.NEGATIVE_INFINITY, held, taken: 0 };
      for (const { units, afterMs } of all) {
        now += afterMs;
        if (now - episode.at > 1_300) episode = { at: now, held, taken: 0 };
        const retired = refusals.refused(units, held, now);
        episode = { ...episode, taken: episode.taken + retired };
        held -= retired;
        expect(retired).toBeGreaterThanOrEqual(0);
        expect(retired).toBeLessThanOrEqual(units);
        expect(episode.taken).toBeLessThanOrEqual(Math.max(1, Math.ceil(episode.held / 4)));
        expect(held).toBeGreaterThanOrEqual(Math.max(1, Math.floor((held + retired) / 20)));
      }
    }),
  );
});

test('refusals that come in during the silence do not make it longer', () => {
  const refusals = createRefusals();
  refusals.refused(7, 100, 0);
  refusals.refused(7, 100, 600);

  expect(refusals.silentUntil).toBe(1_200);
});
