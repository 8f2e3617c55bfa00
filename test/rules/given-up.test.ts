import { becomeReady, onOfferTo } from '../../lib/rules/given-up';
import { aHolder, NOW } from '../support/shares';

test('of what was given up the last that became ready is taken first, then what is ready next; for calls nothing that is ready late', () => {
  const one = (untilMs: number) =>
    aHolder({ credits: 1, need: 0, lane: undefined, until: untilMs, seenAt: NOW });
  const all = [251, -900, 200, -100].map((until) => [String(until), one(until)] as const);

  const offered = onOfferTo('direct', [...all, ['live', aHolder()]], NOW);

  expect(offered.map(([id]) => id)).toEqual(['-100', '-900', '200']);
  expect(onOfferTo('bulk', all, NOW).map(([id]) => id)).toEqual(['-100', '-900', '200', '251']);
});

test('what has become ready is told to be so once, for who sees it only now would wait for it anew', () => {
  const givenUp = { credits: 2, need: 0, lane: undefined, overMs: 100 };
  const seen = (untilMs: number, agoMs: number) =>
    becomeReady(
      [['g', aHolder({ ...givenUp, until: untilMs, seenAt: NOW - agoMs })]],
      NOW,
      'w1',
    ).map(([, { to }]) => to);

  expect(seen(400, 499)).toEqual([]);
  expect(seen(400, 500)).toMatchObject([{ credits: 2, until: 0, overMs: 0, write: 'w1' }]);
  expect(seen(-100, 0)).toEqual([]);
  expect(becomeReady([['live', aHolder({ seenAt: 0 })]], NOW, 'w1')).toEqual([]);
});
