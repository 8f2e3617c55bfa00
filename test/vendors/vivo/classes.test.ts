import { vivo } from '../../../lib/vendors/vivo';
import { classingOf } from '../../../lib/vendors/vivo/categories';

test.each([
  [undefined, { classification: 1, category: 'IM' }],
  [{}, { classification: 1, category: 'IM' }],
  [{ instantMessaging: true }, { classification: 1, category: 'IM' }],
  [{ category: 'TODO' }, { classification: 1, category: 'TODO' }],
  [{ category: 'SOCIAL' }, { classification: 0, category: 'SOCIAL' }],
  [{ category: 'NEW_ONE' }, { category: 'NEW_ONE' }],
  [{ instantMessaging: false }, { classification: 0, category: 'MARKETING' }],
  [
    { instantMessaging: false, category: 'CONTENT' },
    { classification: 0, category: 'CONTENT' },
  ],
  [
    { instantMessaging: false, category: 'IM' },
    { classification: 0, category: 'MARKETING' },
  ],
])('%j is sent as %j', (messageClass, expected) => {
  expect(classingOf(messageClass)).toEqual(expected);
});

test('operational classes are warned of, one sentence each', () => {
  const warnings = vivo.warningsFor?.({
    classes: { im: {}, news: { category: 'NEWS' }, ads: { instantMessaging: false } },
  });

  expect(warnings).toEqual([
    'classes.news sends messages as NEWS, operational ones to vivo: a few a day for each phone, from 7:00 to 23:00 only',
    'classes.ads sends messages as MARKETING, operational ones to vivo: a few a day for each phone, from 7:00 to 23:00 only',
  ]);
  expect(vivo.warningsFor?.({})).toEqual([]);
});
