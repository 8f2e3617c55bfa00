import * as fc from 'fast-check';
import { oppo } from '../../../lib/vendors/oppo';
import { createOppoSender } from '../../../lib/vendors/oppo/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { problemsOf } from '../problems-of';
import { aNotification, aSendRequest, somePorts } from '../support';
import { anOppoCertificate } from './support';

/** Each member with a value OPPO takes, one it does not, and why. */
const MEMBERS: readonly (readonly [string, unknown, unknown, string])[] = [
  ['title', '题'.repeat(99), '\u3000', 'must not be blank'],
  ['content', '文'.repeat(999), ' \u200b', 'must not be blank'],
  ['sub_title', '十个字十个字十个字十', '题'.repeat(11), 'must have at most 10 characters'],
  ['style', 1, 3, 'must be 1 or 2'],
  ['big_picture_id', 'p1', 1, 'must be a string'],
  ['small_picture_id', 'p1', ['p1'], 'must be a string'],
  ['click_action_type', '0', '3', 'must be 0, 1, 2, 4 or 5'],
  ['click_action_activity', 'com.shop.Chat', 'x'.repeat(501), 'must have at most 500 characters'],
  ['click_action_url', 'shop://chat', 7, 'must be a string'],
  ['action_parameters', { a: 1 }, ['a'], 'must be an object'],
  ['action_parameters', '{"a":"1"}', 'a=1', 'must be an object'],
  ['action_parameters', '', { a: 'x'.repeat(4_000) }, 'must have at most 4000 characters'],
  ['show_time_type', 0, 2, 'must be 0 or 1'],
  [
    'show_start_time',
    1_760_000_000_000,
    1_760_000_000,
    'must be a whole number of 1000000000000 to 9999999999999',
  ],
  ['show_ttl', 86_400, 86_401, 'must be a whole number of 0 to 86400'],
  ['off_line', false, 1, 'must be true or false'],
  ['off_line_ttl', 3_600, 0, 'must be a whole number of 1 to 2147483647'],
  ['push_time_type', 0, 1, 'must be 0'],
  ['network_type', 1, 2, 'must be 0 or 1'],
  ['channel_id', '1233', 1233, 'must be a string'],
  [
    'category',
    'NEWS',
    'NEW',
    'must be IM, ACCOUNT, DEVICE_REMINDER, ORDER, TODO, SUBSCRIPTION, NEWS, CONTENT, MARKETING or SOCIAL',
  ],
  ['notify_level', 16, 4, 'must be 1, 2 or 16'],
  ['notify_id', -1, 1.5, 'must be a whole number of -2147483648 to 2147483647'],
  ['private_msg_template_id', 'T1', 1, 'must be a string'],
  ['private_title_parameters', { who: '张三' }, ['张三'], 'must be an object'],
  ['private_content_parameters', { what: '你好' }, 'what', 'must be an object'],
  ['badge_operation_type', 1, 2, 'must be 0 or 1'],
  ['badge_message_count', 0, -1, 'must be a whole number of 0 to 2147483647'],
];

test.each(MEMBERS)('%s of oppoField', (name, right, wrong, words) => {
  expect(problemsOf(oppo, { oppoField: { [name]: right } })).toEqual([]);
  expect(problemsOf(oppo, { oppoField: { [name]: wrong } })).toEqual([
    `oppoField.${name} ${words}`,
  ]);
});

test('what only several members together show', () => {
  const problems = (oppoField: object) => problemsOf(oppo, { oppoField });

  expect(problems({ click_action_type: 4 })).toEqual([
    'oppoField.click_action_type needs click_action_activity',
  ]);
  expect(problems({ click_action_type: '5', click_action_url: '' })).toEqual([
    'oppoField.click_action_type needs click_action_url',
  ]);
  expect(problems({ click_action_type: 2, click_action_url: 'shop://chat' })).toEqual([
    'oppoField.click_action_url must be an http or https URL',
  ]);
  expect(problems({ click_action_type: 2, click_action_url: 'https://example.com/' })).toEqual([]);
  expect(problems({ click_action_type: 5, click_action_url: 'shop://chat' })).toEqual([]);
  const times = { show_time_type: 1, show_start_time: 1_760_000_000_000 };
  expect(problems(times)).toEqual([
    'oppoField.show_time_type needs show_start_time and show_end_time',
  ]);
  expect(problems({ ...times, show_end_time: 1_760_000_000_000 })).toEqual([
    'oppoField.show_end_time must be after show_start_time',
  ]);
  expect(problems({ ...times, show_end_time: 1_760_000_000_001 })).toEqual([]);
  expect(problems({ category: 'SOCIAL', notify_level: 2 })).toEqual([
    'oppoField.notify_level must be 1 with a category of content and marketing',
  ]);
  expect(problems({ category: 'ORDER', notify_level: 2 })).toEqual([]);
  expect(problems({ private_title_parameters: { who: ' ' } })).toEqual([
    'oppoField.private_title_parameters.who must not be blank',
  ]);
});

test("NIM's own template, blank as it is, and unknown members pass", () => {
  const template = {
    channel_id: '',
    category: 'IM',
    notify_level: 2,
    click_action_type: '',
    click_action_activity: '',
    click_action_url: '',
    action_parameters: '',
    style: 1,
    sub_title: '',
    network_type: 0,
  };

  expect(problemsOf(oppo, { oppoField: template })).toEqual([]);
  expect(problemsOf(oppo, { oppoField: { brand_new: { a: 1 } } })).toEqual([]);
  expect(problemsOf(oppo, { oppoField: [] })).toEqual([]);
  expect(problemsOf(oppo, { oppoField: 'x' })).toEqual(['oppoField must be an object']);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { oppo: Number.POSITIVE_INFINITY } });
    simulators.oppo.control({ strongReminder: true });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const credentials = { ...simulators.credentials('oppo') };
    const endpoint = simulators.endpoint('oppo');
    const sender = createOppoSender(anOppoCertificate({ endpoint, credentials }), somePorts());
    const texts = fc.string({ unit: 'grapheme', maxLength: 400 });
    const anyOf = (name: string) => {
      const values = MEMBERS.filter(([other]) => other === name).map(([, right]) => right);
      return fc.oneof(fc.constantFrom(...values), texts, fc.nat(20), fc.dictionary(texts, texts));
    };
    const names = [...new Set(MEMBERS.map(([name]) => name))];
    const fields = fc
      .record(Object.fromEntries(names.map((name) => [name, anyOf(name)])), { requiredKeys: [] })
      .map((record) =>
        Object.fromEntries(
          Object.entries(record).filter(
            ([name, value]) => problemsOf(oppo, { oppoField: { [name]: value } }).length === 0,
          ),
        ),
      )
      .filter((oppoField) => problemsOf(oppo, { oppoField }).length === 0);
    const messageClass = fc.constantFrom(
      {},
      { instantMessaging: false },
      { channelId: 'c', templateId: 'T', notifyLevel: 16, titleParameters: { who: '{nick}' } },
    );
    const data = fc.dictionary(texts, texts, { maxKeys: 20 });
    const alert = fc.record({ sound: fc.boolean(), vibration: fc.boolean() });

    await fc.assert(
      fc.asyncProperty(
        fields,
        messageClass,
        data,
        alert,
        async (oppoField, ofClass, own, heard) => {
          const notification = aNotification({ fields: { oppoField }, data: own, alert: heard });
          const receiptUrl = 'https://push.example.com/r/abc';
          const request = aSendRequest({ notification, receiptUrl, messageClass: ofClass });
          expect(await sender.send(request)).toMatchObject([{ kind: 'accepted' }]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
