import * as fc from 'fast-check';
import { xiaomi } from '../../../lib/vendors/xiaomi';
import { createXiaomiSender } from '../../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { payloadOf, problemsOf } from '../problems-of';
import { aNotification, aSendRequest, aXiaomiCertificate, somePorts } from '../support';

/** Each member with a value Xiaomi takes, one it does not, and why. */
const MEMBERS: readonly (readonly [string, unknown, unknown, string])[] = [
  ['channel_id', 123456, { id: 1 }, 'must be a string'],
  ['channel_name', '聊天', 'n'.repeat(1_025), 'must have at most 1024 characters'],
  ['channel_description', '聊天', ['x'], 'must be a string'],
  ['template_id', 'T1', { id: 'T1' }, 'must be a string'],
  ['template_param', '{"who":"张三"}', 'who=张三', 'must be an object'],
  ['template_param', { who: '张三' }, ['张三'], 'must be an object'],
  ['sound', 'ding.mp3', { name: 'ding' }, 'must be a string'],
  ['sound_uri', 'android.resource://com.example.shop/raw/ding', [7], 'must be a string'],
  ['ticker', '新消息', [7], 'must be a string'],
  ['notify_foreground', '0', '2', 'must be 0 or 1'],
  ['notify_effect', 1, 4, 'must be 1, 2 or 3'],
  ['intent_uri', 'intent:#Intent;component=com.example.shop/.Chat;end', [1], 'must be a string'],
  ['web_uri', 'https://example.com/', 'example', 'must be an http or https URL'],
  ['jobkey', 'a-batch_1', '_a', 'must be 1 to 20 of 0-9A-Za-z_-'],
  ['app_version', 3, [1], 'must be a string'],
  ['app_version_not_in', '1.0', [1], 'must be a string'],
  ['connpt', 'wifi', 'lte', 'must be wifi'],
  ['only_send_once', '1', 'yes', 'must be 0 or 1'],
  ['flow_control', '3000', 0, 'must be a whole number of 1 to 1000000'],
  ['notification_style_type', 2, 3, 'must be 1 or 2'],
  ['notification_bigPic_uri', 'https://example.com/p.png', [1], 'must be a string'],
  ['notification_style_button_left_notify_effect', '1', '9', 'must be 1, 2 or 3'],
];

/** Only in `xiaomiField`. */
const MEMBERS_OF_FIELD: typeof MEMBERS = [
  ['title', '新订单', ' \u200b', 'must not be blank'],
  ['description', '已发货', '\u3000', 'must not be blank'],
  ['notify_type', 7, 8, 'must be a whole number of -1 to 7'],
  ['notify_id', 0, 2 ** 31, 'must be a whole number of 0 to 2147483647'],
  ['notify_id', '4711', 1.5, 'must be a whole number of 0 to 2147483647'],
  ['locale', 'zh_CN', [1], 'must be a string'],
  ['model', 'M2102', [1], 'must be a string'],
];

test.each(MEMBERS)('%s at the top level and in xiaomiField', (name, right, wrong, words) => {
  expect(payloadOf(xiaomi).members).toContain(name);
  expect(problemsOf(xiaomi, { [name]: right, xiaomiField: { [name]: right } })).toEqual([]);
  expect(problemsOf(xiaomi, { [name]: wrong })).toEqual([`${name} ${words}`]);
  expect(problemsOf(xiaomi, { xiaomiField: { [name]: wrong } })).toEqual([
    `xiaomiField.${name} ${words}`,
  ]);
});

test.each(MEMBERS_OF_FIELD)('%s in xiaomiField alone', (name, right, wrong, words) => {
  expect(payloadOf(xiaomi).members).not.toContain(name);
  expect(problemsOf(xiaomi, { xiaomiField: { [name]: right } })).toEqual([]);
  expect(problemsOf(xiaomi, { xiaomiField: { [name]: wrong } })).toEqual([
    `xiaomiField.${name} ${words}`,
  ]);
});

test('what a click needs may stand at either place, and is missed where the effect is', () => {
  const intent_uri = 'intent:#Intent;end';
  const web_uri = 'https://example.com/';

  expect(problemsOf(xiaomi, { notify_effect: '2', xiaomiField: { intent_uri } })).toEqual([]);
  expect(problemsOf(xiaomi, { web_uri, xiaomiField: { notify_effect: 3 } })).toEqual([]);
  expect(problemsOf(xiaomi, { notify_effect: '2', web_uri })).toEqual([
    'notify_effect needs intent_uri',
  ]);
  expect(problemsOf(xiaomi, { intent_uri, xiaomiField: { notify_effect: 3 } })).toEqual([
    'xiaomiField.notify_effect needs web_uri',
  ]);
});

test("a template's parameters are few, short, and without emoji", () => {
  const param = (template_param: unknown) => problemsOf(xiaomi, { template_param });
  const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`v${index}`, 'x']));
  const words = 'must have 1 to 128 characters, not all blank, without emoji or symbols';

  expect(param({ who: 'x'.repeat(128) })).toEqual([]);
  for (const value of [' ', '😀', 'x'.repeat(129)]) {
    expect(param({ who: value })).toEqual([`template_param.who ${words}`]);
  }
  expect(param({ who: 1 })).toEqual(['template_param.who must be a string']);
  expect(param(ten)).toEqual(['template_param must have at most 9 variables']);
});

test('blank members, as templates have them, say nothing', () => {
  const blank = { channel_id: '', notify_effect: null, xiaomiField: { title: '', jobkey: null } };

  expect(problemsOf(xiaomi, blank)).toEqual([]);
  expect(problemsOf(xiaomi, { xiaomiField: {} })).toEqual([]);
});

test('members that are not known pass, wrappers that are no objects do not', () => {
  expect(problemsOf(xiaomi, { xiaomiField: { brand_new: { a: 1 } } })).toEqual([]);
  for (const wrong of [['x'], 'x', 1]) {
    expect(problemsOf(xiaomi, { xiaomiField: wrong })).toEqual(['xiaomiField must be an object']);
  }
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { xiaomi: Number.POSITIVE_INFINITY } });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const certificate = aXiaomiCertificate({
      endpoint: simulators.endpoint('xiaomi'),
      credentials: { ...simulators.credentials('xiaomi') },
      package: simulators.packageName,
    });
    const sender = createXiaomiSender(certificate, somePorts());
    const all = [...MEMBERS, ...MEMBERS_OF_FIELD];
    const texts = fc.string({ unit: 'grapheme', maxLength: 400 });
    const fieldsOf = (members: typeof MEMBERS) =>
      fc
        .record(
          Object.fromEntries(
            members.map(([name, right]) => [name, fc.oneof(fc.constant(right), texts, fc.nat(9))]),
          ),
          { requiredKeys: [] },
        )
        .map((fields) =>
          Object.fromEntries(
            Object.entries(fields).filter(
              ([name, value]) =>
                problemsOf(xiaomi, { xiaomiField: { [name]: value } }).length === 0,
            ),
          ),
        );
    const custom = fc.dictionary(texts, fc.oneof(texts, fc.jsonValue()), { maxKeys: 14 });
    const fields = fc
      .tuple(fieldsOf(MEMBERS), fieldsOf(all), custom)
      .map(([top, field, own]) => ({ ...top, xiaomiField: { ...own, ...field } }))
      .filter((given) => problemsOf(xiaomi, given).length === 0);
    const data = fc.dictionary(texts, texts, { maxKeys: 14 });

    await fc.assert(
      fc.asyncProperty(fields, data, async (given, custom) => {
        const notification = aNotification({ fields: given, data: custom });
        const receiptUrl = 'https://push.example.com/r/abc';
        expect(await sender.send(aSendRequest({ notification, receiptUrl }))).toMatchObject([
          { kind: 'accepted' },
        ]);
      }),
      { numRuns: 100 },
    );
  });
});
