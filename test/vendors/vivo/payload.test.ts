import * as fc from 'fast-check';
import { vivo } from '../../../lib/vendors/vivo';
import { createVivoSender } from '../../../lib/vendors/vivo/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { problemsOf } from '../problems-of';
import { aNotification, aSendRequest, somePorts } from '../support';
import { aVivoCertificate } from './support';

const tenPairs = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}`, 'v']));

/** Each member with a value vivo takes, one it does not, and why. */
const MEMBERS: readonly (readonly [string, unknown, unknown, string])[] = [
  ['notifyType', '1', 5, 'must be 1, 2, 3 or 4'],
  ['title', '题'.repeat(99), '\u3000', 'must not be blank'],
  ['content', '文'.repeat(999), ' \u200b', 'must not be blank'],
  ['timeToLive', 3_600, 0, 'must be a whole number of 1 to 604800'],
  ['skipType', '1', 5, 'must be 1, 2, 3 or 4'],
  ['skipContent', 'x'.repeat(1_024), 'x'.repeat(1_025), 'must have at most 1024 characters'],
  ['networkType', '-1', 0, 'must be -1 or 1'],
  ['classification', '0', 'IM', 'must be 0 or 1'],
  [
    'category',
    'SOCIAL',
    'CHAT',
    'must be IM, ACCOUNT, TODO, DEVICE_REMINDER, ORDER, SUBSCRIPTION, NEWS, CONTENT, MARKETING or SOCIAL',
  ],
  ['clientCustomMap', tenPairs, ['v'], 'must be an object'],
  [
    'clientCustomMap',
    { k: 'x'.repeat(1_023) },
    { ...tenPairs, k10: 'v' },
    'must have at most 10 pairs and 1024 characters',
  ],
  ['clientCustomMap', {}, { '': 'v' }, 'must have no blank name'],
  ['pushMode', '1', 2, 'must be 0 or 1'],
  ['notifyId', 2 ** 31 - 1, 0, 'must be a whole number of 1 to 2147483647'],
  ['foregroundShow', true, 1, 'must be true or false'],
  ['sendOnline', false, 'true', 'must be true or false'],
  ['addBadge', false, 0, 'must be true or false'],
  ['profileId', 'p'.repeat(64), 'p'.repeat(65), 'must have at most 64 characters'],
  ['auditReview', [{ reviewer: 'r', type: 1, result: 0 }], { reviewer: 'r' }, 'must be a list'],
  ['timedDisplay', { showStartTime: 1 }, 'now', 'must be an object'],
  ['marketing', { creativeId: 'c' }, 1, 'must be an object'],
];

test.each(MEMBERS)('%s of vivoField', (name, right, wrong, words) => {
  expect(problemsOf(vivo, { vivoField: { [name]: right } })).toEqual([]);
  expect(problemsOf(vivo, { vivoField: { [name]: wrong } })).toEqual([
    `vivoField.${name} ${words}`,
  ]);
});

test('what only several members together show', () => {
  const problems = (vivoField: object) => problemsOf(vivo, { vivoField });

  expect(problems({ skipType: '4', skipContent: '' })).toEqual([
    'vivoField.skipType needs skipContent',
  ]);
  expect(problems({ skipType: 2, skipContent: 'shop://chat' })).toEqual([
    'vivoField.skipContent must be an http or https URL with skipType 2',
  ]);
  expect(problems({ skipType: 2, skipContent: 'https://example.com/' })).toEqual([]);
  expect(problems({ skipType: 4, skipContent: 'shop://chat' })).toEqual([]);
  for (const [category, classification] of [
    ['IM', 0],
    ['NEWS', '1'],
  ]) {
    expect(problems({ category, classification })).toEqual([
      'vivoField.classification must fit the category: 1 for system messages, else 0',
    ]);
  }
  expect(problems({ category: 'IM', classification: '1' })).toEqual([]);
  expect(problems({ clientCustomMap: { k: 1 } })).toEqual([
    'vivoField.clientCustomMap.k must be a string',
  ]);
});

test("NIM's own template, numbers in texts, and unknown members pass", () => {
  const template = {
    skipType: '1',
    skipContent: '',
    classification: '0',
    networkType: '-1',
    pushMode: '0',
    category: '',
  };

  expect(problemsOf(vivo, { vivoField: template })).toEqual([]);
  expect(problemsOf(vivo, { vivoField: { brandNew: { a: 1 } } })).toEqual([]);
  expect(problemsOf(vivo, { vivoField: {} })).toEqual([]);
  expect(problemsOf(vivo, { vivoField: ['x'] })).toEqual(['vivoField must be an object']);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { vivo: Number.POSITIVE_INFINITY } });
    simulators.vivo.control({
      contentReview: true,
      testTokens: ['a', 'b'],
    });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as requests that are accepted', async () => {
    const endpoint = simulators.endpoint('vivo');
    const credentials = { ...simulators.credentials('vivo') };
    const sender = createVivoSender(aVivoCertificate({ endpoint, credentials }), somePorts());
    const texts = fc.string({ unit: 'grapheme', maxLength: 400 });
    const anyOf = (name: string) => {
      const values = MEMBERS.filter(([other]) => other === name).map(([, right]) => right);
      return fc.oneof(fc.constantFrom(...values), texts, fc.integer({ min: -1, max: 9 }));
    };
    const names = [...new Set(MEMBERS.map(([name]) => name))];
    const fields = fc
      .record(Object.fromEntries(names.map((name) => [name, anyOf(name)])), { requiredKeys: [] })
      .map((record) =>
        Object.fromEntries(
          Object.entries(record).filter(
            ([name, value]) => problemsOf(vivo, { vivoField: { [name]: value } }).length === 0,
          ),
        ),
      )
      .filter((vivoField) => problemsOf(vivo, { vivoField }).length === 0);
    const messageClass = fc.constantFrom({}, { instantMessaging: false }, { category: 'TODO' });
    const tokens = fc.constantFrom(['a'] as const, ['a', 'b'] as const);
    const data = fc.dictionary(fc.string({ minLength: 1 }), texts, { maxKeys: 14 });

    await fc.assert(
      fc.asyncProperty(fields, messageClass, tokens, data, async (vivoField, ofClass, to, own) => {
        const notification = aNotification({ fields: { vivoField }, data: own, badge: { add: 1 } });
        const receiptUrl = 'https://push.example.com/r/abc';
        const outcomes = await sender.send(
          aSendRequest({ notification, receiptUrl, messageClass: ofClass, tokens: to }),
        );
        expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
      }),
      { numRuns: 100 },
    );
  });
});
