import * as fc from 'fast-check';
import { huawei } from '../../../lib/vendors/huawei';
import { createHuaweiSender } from '../../../lib/vendors/huawei/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { merged, nested } from '../nested';
import { problemsOf } from '../problems-of';
import { somePorts } from '../support';
import { expectTaken, type Member, someOf, under } from '../taken-by-simulator';
import { aHuaweiCertificate } from './support';

const CATEGORIES =
  'IM, VOIP, SUBSCRIPTION, TRAVEL, HEALTH, WORK, ACCOUNT, EXPRESS, FINANCE, DEVICE_REMINDER, MAIL, SYSTEM_REMINDER';
const TTL = 'must be "1s" to "1296000s"';

const LIGHT = {
  color: { alpha: 0, red: 0, green: 0.5, blue: 1 },
  light_on_duration: '3.5S',
  light_off_duration: '5',
};

/** Each member with a value Huawei takes, one it does not, and why. */
const CONFIG: readonly Member[] = [
  ['collapse_key', 100, 101, 'must be a whole number of -1 to 100'],
  ['collapse_key', -1, '-1', 'must be a whole number of -1 to 100'],
  ['urgency', 'NORMAL', 'LOW', 'must be HIGH or NORMAL'],
  ['ttl', '86400s', '86400', 'must be seconds like "86400s"'],
  ['ttl', '1s', '0s', TTL],
  ['ttl', '1296000s', '1296001s', TTL],
  ['bi_tag', 'batch', 1, 'must be a string'],
  ['receipt_id', 'r1', 1, 'must be a string'],
  ['target_user_type', 1, 2, 'must be 0 or 1'],
  ['fast_app_target', 2, 0, 'must be 1 or 2'],
];
const NOTIFICATION: readonly Member[] = [
  ['title', '新订单', ' \u200b', 'must not be blank'],
  ['body', '已发货', 7, 'must be a string'],
  ['click_action', { type: 3 }, 'home', 'must be an object'],
  ['click_action.type', 3, 4, 'must be 1, 2 or 3'],
  ['click_action.type', 3, '3', 'must be 1, 2 or 3'],
  ['icon', '/raw/ic_push', 'ic_push', 'must be like "/raw/name"'],
  ['color', '#aaBB00', 'red', 'must be like "#336699"'],
  ['sound', '/raw/ding', 'ding', 'must be like "/raw/name"'],
  ['default_sound', false, 'false', 'must be true or false'],
  ['tag', 'alice', 1, 'must be a string'],
  ['notify_id', 2 ** 31 - 1, 2 ** 31, 'must be a whole number of -1 to 2147483647'],
  ['notify_id', -1, 1.5, 'must be a whole number of -1 to 2147483647'],
  ['group', 'chats', 1, 'must be a string'],
  ['channel_id', 'orders', 1, 'must be a string'],
  ['importance', 'LOW', 'HIGH', 'must be LOW or NORMAL'],
  ['style', 0, 2, 'must be 0, 1 or 3'],
  ['big_title', '标题', 1, 'must be a string'],
  ['big_body', '内容', 1, 'must be a string'],
  ['inbox_content', ['一', '二'], Array(6).fill('x'), 'must have at most 5 items'],
  ['image', 'https://example.com/a.png', 'http://example.com/a.png', 'must be an https URL'],
  ['badge', { add_num: 1, class: 'a.B' }, 1, 'must be an object'],
  ['badge.add_num', 99, 0, 'must be a whole number of 1 to 99'],
  ['badge.set_num', 0, 100, 'must be a whole number of 0 to 99'],
  ['badge.class', 'a.B', 1, 'must be a string'],
  ['foreground_show', true, 1, 'must be true or false'],
  ['visibility', 'SECRET', 'HIDDEN', 'must be VISIBILITY_UNSPECIFIED, PUBLIC, SECRET or PRIVATE'],
  [
    'when',
    '2014-10-02T15:01:23.045123456Z',
    '2014-13-02T15:01:23Z',
    'must be a UTC time like "2026-10-02T15:01:23Z"',
  ],
  ['notify_summary', '概要', 1, 'must be a string'],
  ['ticker', '新消息', 1, 'must be a string'],
  ['use_default_vibrate', false, 0, 'must be true or false'],
  ['use_default_light', false, 0, 'must be true or false'],
  ['vibrate_config', ['1.5S', '60'], Array(11).fill('1'), 'must have at most 10 items'],
  ['light_settings', LIGHT, 1, 'must be an object'],
  ['title_loc_key', 'key', 1, 'must be a string'],
  ['title_loc_args', ['a'], [1], '0 must be a string'],
  ['multi_lang_key', { key: { en: 'hi' } }, 'en', 'must be an object'],
  ['profile_id', 'p'.repeat(64), 'p'.repeat(65), 'must have at most 64 characters'],
  ['buttons', [{ name: '打开', action_type: 0 }], Array(4).fill({}), 'must have at most 3 items'],
  ...under('androidConfig', CONFIG),
  ['androidConfig.category', 'IM', 'PLAY_VOICE', `must be ${CATEGORIES} or MARKETING`],
  ['androidConfig.data', '{"k":1}', "{'k':1}", 'must be a string of JSON'],
];
const PASS_THROUGH: readonly Member[] = [
  ['data', 'any words', { do: 'sync' }, 'must be a string'],
  ...under('android', CONFIG),
  ['android.category', 'PLAY_VOICE', 'CHAT', `must be ${CATEGORIES}, PLAY_VOICE or MARKETING`],
];

test.each([...under('hwField', NOTIFICATION), ...under('hwPassThroughField', PASS_THROUGH)])(
  '%s',
  (path, right, wrong, words) => {
    expect(problemsOf(huawei, nested(path, right))).toEqual([]);
    const [problem = ''] = problemsOf(huawei, nested(path, wrong));
    expect(problem.replace(/\.(?=0 must)/, ' ')).toBe(`${path} ${words}`);
  },
);

test('what a click, a style or a button needs is missed where it is asked for', () => {
  const problems = (hwField: object) => problemsOf(huawei, { hwField });
  const button = 'must have name and action_type, to open a page also intent_type and intent';

  expect(problems({ click_action: { type: 1, action: 'a.CHAT' } })).toEqual([]);
  expect(problems({ click_action: { type: 2, url: 'https://example.com/' } })).toEqual([]);
  expect(problems({ click_action: { intent: 'intent://x' } })).toEqual([
    'hwField.click_action must have a type',
  ]);
  expect(problems({ click_action: { type: 1 } })).toEqual([
    'hwField.click_action.type needs intent or action',
  ]);
  expect(problems({ click_action: { type: 2, intent: 'x' } })).toEqual([
    'hwField.click_action.type needs url',
  ]);
  expect(problems({ style: 1, big_title: 't' })).toEqual([
    'hwField.style needs big_title and big_body',
  ]);
  expect(problems({ style: 3 })).toEqual(['hwField.style needs inbox_content']);
  expect(problems({ buttons: [{ name: 'a', action_type: 3 }, { action_type: 3 }] })).toEqual([
    `hwField.buttons.1 ${button}`,
  ]);
  expect(problems({ buttons: [{ name: 'a', action_type: 1, intent: 'x' }] })).toEqual([
    `hwField.buttons.0 ${button}`,
  ]);
});

test('a light has a colour and both durations', () => {
  const problems = (light_settings: object) => problemsOf(huawei, { hwField: { light_settings } });

  expect(problems({ ...LIGHT, light_off_duration: '' })).toEqual([
    'hwField.light_settings must have color, light_on_duration and light_off_duration',
  ]);
  expect(problems({ ...LIGHT, light_on_duration: 'long' })).toEqual([
    'hwField.light_settings.light_on_duration must be seconds like "1.5S"',
  ]);
  expect(problems({ ...LIGHT, color: { ...LIGHT.color, red: 1.1 } })).toEqual([
    'hwField.light_settings.color.red must be a number of 0 to 1',
  ]);
});

test('vibrations are some seconds long', () => {
  const problems = (one: string) => problemsOf(huawei, { hwField: { vibrate_config: [one] } });

  expect(problems('0')).toEqual(['hwField.vibrate_config.0 must be more than 0 seconds']);
  expect(problems('60.1')).toEqual(['hwField.vibrate_config.0 must be at most 60 seconds']);
});

test('blank members, as templates have them, say nothing', () => {
  const hwField = {
    title: '',
    click_action: { type: 3, intent: '', url: null },
    badge: {},
    buttons: [],
    androidConfig: { data: '', category: '' },
  };

  expect(problemsOf(huawei, { hwField, hwPassThroughField: { data: '', android: {} } })).toEqual(
    [],
  );
});

test('members that are not known pass, fields that are no objects do not', () => {
  expect(
    problemsOf(huawei, { hwField: { brand_new: { a: 1 }, androidConfig: { b: [] } } }),
  ).toEqual([]);
  for (const wrong of [['x'], 'x', 1]) {
    expect(problemsOf(huawei, { hwField: wrong, hwPassThroughField: wrong })).toEqual([
      'hwField must be an object',
      'hwPassThroughField must be an object',
    ]);
  }
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { huawei: Number.POSITIVE_INFINITY } });
    // the daily test messages are no matter of a message's form
    simulators.huawei.control({ highPriority: true });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const sender = createHuaweiSender(
      aHuaweiCertificate({
        endpoint: simulators.endpoint('huawei'),
        authEndpoint: simulators.authEndpoint('huawei') ?? '',
        credentials: { ...simulators.credentials('huawei') },
        package: simulators.packageName,
      }),
      somePorts(),
    );
    const fields = fc
      .tuple(
        someOf(under('hwField', NOTIFICATION), isTaken),
        fc.option(someOf(under('hwPassThroughField', PASS_THROUGH), isTaken), { nil: {} }),
      )
      .map(merged)
      .filter(isTaken);

    await expectTaken(sender, fields);
  });
});

/** A third party's table has this category, Huawei's own does not: our simulator goes by Huawei's. */
const isTaken = (fields: object) =>
  problemsOf(huawei, fields).length === 0 && !JSON.stringify(fields).includes('SYSTEM_REMINDER');
