import * as fc from 'fast-check';
import { apns } from '../../../lib/vendors/apns';
import { createApnsSender } from '../../../lib/vendors/apns/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { nested } from '../nested';
import { problemsOf } from '../problems-of';
import { aNotification, aSendRequest, somePorts } from '../support';
import { anApnsCertificate, DEVICE_TOKEN } from './support';

/** Each member with a value Apple takes, one it does not, and why. */
const MEMBERS: readonly (readonly [string, unknown, unknown, string])[] = [
  ['alert', '新消息', 7, 'must be an object'],
  ['alert', { body: 'b'.repeat(9_000) }, ' \u200b', 'must not be blank'],
  ['alert.title', '题'.repeat(999), '\u3000', 'must not be blank'],
  ['alert.subtitle', '副'.repeat(999), 7, 'must be a string'],
  ['alert.body', '文'.repeat(9_000), ['b'], 'must be a string'],
  ['alert.launch-image', 'launch.png', 7, 'must be a string'],
  ['alert.title-loc-key', 'TITLE', 7, 'must be a string'],
  ['alert.title-loc-args', ['张三'], '张三', 'must be a list of strings'],
  ['alert.subtitle-loc-key', 'SUBTITLE', 7, 'must be a string'],
  ['alert.loc-key', 'BODY', 7, 'must be a string'],
  ['alert.loc-args', ['张三', '你好'], { 0: '张三' }, 'must be a list of strings'],
  ['badge', 0, -1, 'must be a whole number of 0 to 2147483647'],
  ['badge', 120, '3', 'must be a whole number of 0 to 2147483647'],
  ['sound', 'ding.caf', 7, 'must be an object'],
  ['sound', { name: 'default', critical: 1, volume: 0.5 }, { volume: 1 }, 'must have a name'],
  ['sound.critical', 1, true, 'must be 0 or 1'],
  ['sound.volume', 1, 1.5, 'must be a number of 0 to 1'],
  ['thread-id', 'alice', 7, 'must be a string'],
  ['category', 'MESSAGE', 7, 'must be a string'],
  ['content-available', 1, '1', 'must be 0 or 1'],
  ['mutable-content', 1, true, 'must be 0 or 1'],
  ['target-content-id', 'w1', 7, 'must be a string'],
  [
    'interruption-level',
    'time-sensitive',
    'loud',
    'must be passive, active, time-sensitive or critical',
  ],
  ['relevance-score', 0.5, 'high', 'must be a number'],
  ['filter-criteria', 'work', 7, 'must be a string'],
];

test.each(MEMBERS)('%s of apsField', (path, right, wrong, words) => {
  const withName = path.startsWith('sound.') ? { name: 'default' } : {};
  const problems = (value: unknown) => {
    const field = nested(path, value);
    const sound = 'sound' in field ? field['sound'] : undefined;
    const named = typeof sound === 'object' ? { sound: { ...withName, ...sound } } : {};
    return problemsOf(apns, { apsField: { ...field, ...named } });
  };

  expect(problems(right)).toEqual([]);
  expect(problems(wrong)).toEqual([`apsField.${path} ${words}`]);
});

test("NIM's own template, blank members and unknown ones pass", () => {
  const template = {
    alert: { title: 'Game Request', subtitle: 'Five Card Draw', body: 'Bob wants to play poker' },
    category: 'GAME_INVITATION',
  };

  expect(problemsOf(apns, { apsField: template })).toEqual([]);
  expect(problemsOf(apns, { apsField: { alert: '', sound: '', badge: null } })).toEqual([]);
  expect(problemsOf(apns, { apsField: { 'brand-new': { a: 1 }, alert: { new: 1 } } })).toEqual([]);
  expect(problemsOf(apns, { apsField: ['x'] })).toEqual(['apsField must be an object']);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { apns: Number.POSITIVE_INFINITY } });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const endpoint = simulators.endpoint('apns');
    const credentials = { ...simulators.credentials('apns') };
    const sender = createApnsSender(anApnsCertificate({ endpoint, credentials }), somePorts());
    const texts = fc.string({ unit: 'grapheme', maxLength: 400 });
    const membersOf = (prefix: string) =>
      MEMBERS.filter(
        ([path]) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'),
      );
    const recordOf = (prefix: string) =>
      fc
        .record(
          Object.fromEntries(
            membersOf(prefix).map(([path, right]) => [
              path.slice(prefix.length),
              fc.oneof(fc.constant(right), texts, fc.nat(9), fc.array(texts)),
            ]),
          ),
          { requiredKeys: [] },
        )
        .map((record) =>
          Object.fromEntries(
            Object.entries(record).filter(
              ([name, value]) =>
                problemsOf(apns, { apsField: nested(`${prefix}${name}`, value) }).length === 0,
            ),
          ),
        );
    const fields = fc
      .tuple(recordOf(''), fc.option(recordOf('alert.')))
      .map(([field, alert]) => ({ ...field, ...(alert && { alert }) }))
      .filter((apsField) => problemsOf(apns, { apsField }).length === 0);
    const data = fc.dictionary(texts, texts, { maxKeys: 20 });
    const alert = fc.record({ sound: fc.boolean(), vibration: fc.boolean() });

    await fc.assert(
      fc.asyncProperty(fields, data, alert, async (apsField, own, heard) => {
        const notification = aNotification({ fields: { apsField }, data: own, alert: heard });
        expect(
          await sender.send(aSendRequest({ notification, tokens: [DEVICE_TOKEN] })),
        ).toMatchObject([{ kind: 'accepted' }]);
      }),
      { numRuns: 100 },
    );
  });
});
