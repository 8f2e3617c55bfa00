import * as fc from 'fast-check';
import { honor } from '../../../lib/vendors/honor';
import { createHonorSender } from '../../../lib/vendors/honor/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { merged, nested } from '../nested';
import { problemsOf } from '../problems-of';
import { somePorts } from '../support';
import { expectTaken, type Member, someOf, under } from '../taken-by-simulator';
import { anHonorCertificate } from './support';

const BUTTON = { name: '打开', actionType: 0 };

/** Each member with a value Honor takes, one it does not, and why. */
const CONFIG: readonly Member[] = [
  ['ttl', '1s', '0s', 'must be seconds like "86400s"'],
  ['ttl', '1296000s', '1296001s', 'must be at most "1296000s"'],
  ['biTag', 'batch', 1, 'must be a string'],
  ['targetUserType', 1, 2, 'must be 0 or 1'],
];
const NOTIFICATION: readonly Member[] = [
  ['title', '新订单', ' \u200b', 'must not be blank'],
  ['body', '已发货', 7, 'must be a string'],
  ['clickAction', { type: 3 }, 'home', 'must be an object'],
  ['clickAction.type', 3, '3', 'must be 1, 2 or 3'],
  ['importance', 'LOW', 'HIGH', 'must be LOW or NORMAL'],
  ['image', 'https://example.com/a.png', 'http://example.com/a.png', 'must be an https URL'],
  ['style', 1, 3, 'must be 0 or 1'],
  ['bigTitle', '标题', 1, 'must be a string'],
  ['bigBody', '内容', ' ', 'must not be blank'],
  [
    'when',
    '2014-10-02T15:01:23.045123456Z',
    'today',
    'must be a UTC time like "2026-10-02T15:01:23Z"',
  ],
  ['notifyId', 2 ** 31 - 1, -2, 'must be a whole number of -1 to 2147483647'],
  ['tag', 'alice', 1, 'must be a string'],
  ['group', 'chats', 1, 'must be a string'],
  ['badge', { addNum: 1, badgeClass: 'a.B' }, 1, 'must be an object'],
  ['badge.addNum', 99, 100, 'must be a whole number of 0 to 99'],
  ['badge.setNum', 0, '1', 'must be a whole number of 0 to 99'],
  ['badge.badgeClass', 'a.B', 1, 'must be a string'],
  ['buttons', [BUTTON], Array(4).fill(BUTTON), 'must have at most 3 items'],
];
const FIELD: readonly Member[] = [
  ...CONFIG,
  ['data', '{"k":1}', "{'k':1}", 'must be a string of JSON'],
  ...under('notification', NOTIFICATION),
];
const PASS_THROUGH: readonly Member[] = [
  ['data', 'any words', { do: 'sync' }, 'must be a string'],
  ...under('android', CONFIG),
];

test.each([...under('honorField', FIELD), ...under('honorPassThroughField', PASS_THROUGH)])(
  '%s',
  (path, right, wrong, words) => {
    expect(problemsOf(honor, nested(path, right))).toEqual([]);
    expect(problemsOf(honor, nested(path, wrong))).toEqual([`${path} ${words}`]);
  },
);

test('what a click or a button needs is missed where it is asked for', () => {
  const problems = (notification: object) => problemsOf(honor, { honorField: { notification } });
  const path = 'honorField.notification';
  const button = 'must have name and actionType, to open a page also intent';

  expect(problems({ clickAction: { type: 1, intent: 'intent://x' } })).toEqual([]);
  expect(problems({ clickAction: { intent: 'x' } })).toEqual([
    `${path}.clickAction must have a type`,
  ]);
  expect(problems({ clickAction: { type: 1 } })).toEqual([
    `${path}.clickAction.type needs intent or action`,
  ]);
  expect(problems({ clickAction: { type: 2 } })).toEqual([`${path}.clickAction.type needs url`]);
  expect(problems({ buttons: [{ name: 'a', actionType: 0 }, { actionType: 0 }] })).toEqual([
    `${path}.buttons.1 ${button}`,
  ]);
  expect(problems({ buttons: [{ name: 'a', actionType: 2 }] })).toEqual([
    `${path}.buttons.0 ${button}`,
  ]);
});

test("the template of NIM's document is taken", () => {
  const notification = {
    bigBody: 'the big body',
    bigTitle: 'the big title',
    body: ' the big body',
    title: ' the big title',
    buttons: [{ actionType: 0, data: '', intent: '', intentType: 0, name: 'test' }],
    clickAction: {
      action: '',
      intent: 'intent://com.hihonor.codelabpush',
      type: 1,
      url: 'https://www.vmall.com',
    },
    image: 'https://example.com/a.png',
    importance: 'NORMAL',
    style: 0,
    when: '2014-10-02T15:01:23.045123456Z',
  };

  expect(
    problemsOf(honor, {
      honorField: { biTag: 'biTag001', data: '', notification },
      honorPassThroughField: { data: '{"1111":"22222"}', android: { biTag: '' } },
    }),
  ).toEqual([]);
});

test('members that are not known pass, fields that are no objects do not', () => {
  expect(problemsOf(honor, { honorField: { new: 1, notification: { b: [1] } } })).toEqual([]);
  for (const wrong of [['x'], 'x', 1]) {
    expect(problemsOf(honor, { honorField: wrong, honorPassThroughField: wrong })).toEqual([
      'honorField must be an object',
      'honorPassThroughField must be an object',
    ]);
  }
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { honor: Number.POSITIVE_INFINITY } });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const sender = createHonorSender(
      anHonorCertificate({
        endpoint: simulators.endpoint('honor'),
        authEndpoint: simulators.authEndpoint('honor') ?? '',
        credentials: { ...simulators.credentials('honor') },
        package: simulators.packageName,
      }),
      somePorts(),
    );
    const fields = fc
      .tuple(
        someOf(under('honorField', FIELD), isTaken),
        fc.option(someOf(under('honorPassThroughField', PASS_THROUGH), isTaken), { nil: {} }),
      )
      .map(merged)
      .filter(isTaken);

    await expectTaken(sender, fields);
  });
});

const isTaken = (fields: object) => problemsOf(honor, fields).length === 0;
