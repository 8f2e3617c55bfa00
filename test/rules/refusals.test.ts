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
