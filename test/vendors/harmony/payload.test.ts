import { harmony } from '../../../lib/vendors/harmony';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aHarmonyCertificate } from '../huawei/support';
import { nested } from '../nested';
import { problemsOf } from '../problems-of';
import { somePorts } from '../support';
import { expectTaken, type Member, someOf, under } from '../taken-by-simulator';

const CATEGORIES =
  'IM, VOIP, MISS_CALL, SUBSCRIPTION, TRAVEL, HEALTH, WORK, ACCOUNT, EXPRESS, FINANCE, DEVICE_REMINDER, MAIL or MARKETING';
const DATA = { k: '', n: [1], o: {} };

/** Each member with a value HarmonyOS takes, one it does not, and why. */
const NOTIFICATION: readonly Member[] = [
  ['category', 'MISS_CALL', 'PLAY_VOICE', `must be ${CATEGORIES}`],
  ['title', '新订单', ' \u200b', 'must not be blank'],
  ['body', '已发货', 7, 'must be a string'],
  ['image', 'https://example.com/a.png', 'http://example.com/a.png', 'must be an https URL'],
  ['style', 0, 2, 'must be 0, 1 or 3'],
  ['bigTitle', '标题', 1, 'must be a string'],
  ['bigBody', '内容', 1, 'must be a string'],
  ['inboxContent', ['一', '二'], Array(4).fill('x'), 'must have at most 3 items'],
  ['notifyId', 2 ** 31 - 1, '1', 'must be a whole number of -1 to 2147483647'],
  ['appMessageId', 'own', 'x'.repeat(65), 'must be 1 to 64 of 0-9A-Za-z+/=-_'],
  ['profileId', 'p'.repeat(64), 'p'.repeat(65), 'must have at most 64 characters'],
  ['clickAction', { actionType: 3 }, 'home', 'must be an object'],
  ['clickAction', { actionType: 1, uri: 'shop://chat', data: DATA }, 1, 'must be an object'],
  ['clickAction.actionType', 5, 2, 'must be 0, 1, 3 or 5'],
  ['badge', { addNum: 1 }, 1, 'must be an object'],
  ['badge.addNum', 99, 0, 'must be a whole number of 1 to 99'],
  ['badge.setNum', 0, 100, 'must be a whole number of 0 to 99'],
  ['sound', 'ding.mp3', 1, 'must be a string'],
  ['soundDuration', 60, 61, 'must be a whole number of 1 to 60'],
  ['foregroundShow', true, 'true', 'must be true or false'],
];
const OPTIONS: readonly Member[] = [
  ['testMessage', false, 1, 'must be true or false'],
  ['ttl', 1_296_000, 1_296_001, 'must be a whole number of 1 to 1296000'],
  ['ttl', 1, '86400', 'must be a whole number of 1 to 1296000'],
  ['biTag', 'b'.repeat(64), '工'.repeat(22), 'must have at most 64 bytes'],
  ['receiptId', 'r1', 1, 'must be a string'],
  ['collapseKey', -1, 101, 'must be a whole number of -1 to 100'],
];
const MEMBERS = under('harmonyField', [
  ...under('payload.notification', NOTIFICATION),
  ...under('pushOptions', OPTIONS),
]);

test.each(MEMBERS)('%s', (path, right, wrong, words) => {
  expect(problemsOf(harmony, nested(path, right))).toEqual([]);
  expect(problemsOf(harmony, nested(path, wrong))).toEqual([`${path} ${words}`]);
});

test('what a click or a style needs is missed where it is asked for', () => {
  const path = 'harmonyField.payload.notification';
  const problems = (notification: object) => problemsOf(harmony, nested(path, notification));

  expect(problems({ clickAction: { action: 'x' } })).toEqual([
    `${path}.clickAction must have an actionType`,
  ]);
  expect(problems({ clickAction: { actionType: 1 } })).toEqual([
    `${path}.clickAction.actionType needs action or uri`,
  ]);
  expect(problems({ style: 1, bigBody: 'x' })).toEqual([
    `${path}.style needs bigTitle and bigBody`,
  ]);
  expect(problems({ style: 3, inboxContent: [] })).toEqual([`${path}.style needs inboxContent`]);
});

test('blank members and those that are not known pass, fields that are no objects do not', () => {
  const notification = { title: '', badge: {}, brandNew: [1], clickAction: { actionType: 0 } };

  expect(
    problemsOf(harmony, { harmonyField: { payload: { notification }, pushOptions: { x: 1 } } }),
  ).toEqual([]);
  for (const wrong of [['x'], 'x', 1]) {
    expect(problemsOf(harmony, { harmonyField: wrong })).toEqual([
      'harmonyField must be an object',
    ]);
  }
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { harmony: Number.POSITIVE_INFINITY } });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const sender = createHarmonySender(
      aHarmonyCertificate({
        endpoint: simulators.endpoint('harmony'),
        credentials: { ...simulators.credentials('harmony') },
        package: simulators.packageName,
      }),
      somePorts(),
    );

    await expectTaken(sender, someOf(MEMBERS, isTaken).filter(isTaken));
  });
});

const isTaken = (fields: object) => problemsOf(harmony, fields).length === 0;
