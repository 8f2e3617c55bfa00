import * as fc from 'fast-check';
import { meizu } from '../../../lib/vendors/meizu';
import { createMeizuSender } from '../../../lib/vendors/meizu/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { problemsOf } from '../problems-of';
import { aNotification, aSendRequest, somePorts } from '../support';
import { aMeizuCertificate } from './support';

const IMAGE = 'https://example.com/i.png';
const IS_URL = 'must be an http or https URL';
const IS_FLAG = 'must be 0 or 1';
const IS_TIME = 'must be a time as in 2026-01-31 08:00:00';

/** Each member with a value Meizu takes, one it does not, and why. */
const MEMBERS: readonly (readonly [string, string, unknown, unknown, string])[] = [
  ['noticeBarInfo', 'noticeMsgType', 1, 2, IS_FLAG],
  ['noticeBarInfo', 'noticeBarType', 2, 1, 'must be 0 or 2'],
  ['noticeBarInfo', 'title', '新订单'.repeat(20), ' ', 'must not be blank'],
  ['noticeBarInfo', 'content', '已发货', '\u200b', 'must not be blank'],
  ['noticeExpandInfo', 'noticeExpandType', 0, '1', 'must be 0, 1 or 2'],
  ['noticeExpandInfo', 'noticeExpandContent', '更多', 7, 'must be a string'],
  ['noticeExpandInfo', 'noticeExpandImgUrl', IMAGE, 'i.png', IS_URL],
  ['clickTypeInfo', 'clickType', 0, 3, 'must be 0, 1 or 2'],
  ['clickTypeInfo', 'activity', 'com.example.Chat', 'Chat', 'must be the full name of a class'],
  ['clickTypeInfo', 'url', 'shop://chat/1', 'chat', 'must be a URI'],
  ['clickTypeInfo', 'parameters', { a: '1' }, 'a=1', 'must be an object'],
  ['advanceInfo', 'suspend', 1, 2, IS_FLAG],
  ['advanceInfo', 'clearNoticeBar', true, 'true', IS_FLAG],
  ['advanceInfo', 'fixDisplay', 0, 'no', IS_FLAG],
  ['advanceInfo', 'fixStartDisplayTime', '2026-01-31 08:00:00', '8:00', IS_TIME],
  ['advanceInfo', 'fixEndDisplayTime', '2026-01-31 09:00:00', 9, 'must be a string'],
  ['advanceInfo', 'fixSpeed', false, 1, 'must be 0: only tasks have it'],
  ['advanceInfo', 'fixSpeedRate', 0, 5, 'must be 0: only tasks have it'],
  [
    'advanceInfo',
    'notificationType',
    { vibrate: 0, lights: 1, sound: true },
    1,
    'must be an object',
  ],
  ['advanceInfo', 'notifyKey', 'a_b-1', '123456789', 'must be 1 to 8 of 0-9A-Za-z_-'],
  ['vipInfo', 'subtitle', 's'.repeat(16), 's'.repeat(17), 'must have at most 16 characters'],
  ['vipInfo', 'pullDownTop', 0, 3, IS_FLAG],
  ['vipInfo', 'timeTop', 1_800, 7_201, 'must be a whole number of 1800 to 7200'],
  ['vipInfo', 'notGroup', 1, 'x', IS_FLAG],
  ['vipInfo', 'titleColor', '#206CFF', '#000000', 'must be #206CFF or #E42D22'],
  ['vipInfo', 'backgroundImgUrl', IMAGE, 'x', IS_URL],
  ['vipInfo', 'smallIconUrl', IMAGE, 'x', IS_URL],
  ['vipInfo', 'bigIconUrl', IMAGE, 'x', IS_URL],
];

test.each(MEMBERS)('%s.%s', (group, name, right, wrong, words) => {
  const problems = (value: unknown) =>
    problemsOf(meizu, { meizuField: { [group]: { [name]: value } } });

  expect(problems(right)).toEqual([]);
  expect(problems(wrong)).toEqual([`meizuField.${group}.${name} ${words}`]);
});

test.each([
  ['noticeExpandInfo', { noticeExpandType: 1 }, 'noticeExpandType needs noticeExpandContent'],
  ['noticeExpandInfo', { noticeExpandType: 2 }, 'noticeExpandType needs noticeExpandImgUrl'],
  ['clickTypeInfo', { clickType: 1, url: 'a:b' }, 'clickType needs activity'],
  ['clickTypeInfo', { clickType: 2, activity: 'a.B' }, 'clickType needs url'],
  ['vipInfo', { pullDownTop: 1, timeTop: 1_800 }, 'pullDownTop excludes timeTop'],
  [
    'vipInfo',
    { backgroundImgUrl: IMAGE, titleColor: '#206CFF' },
    'backgroundImgUrl excludes titleColor',
  ],
  [
    'vipInfo',
    { backgroundImgUrl: IMAGE, bigIconUrl: IMAGE },
    'backgroundImgUrl excludes bigIconUrl',
  ],
  ['advanceInfo', { notificationType: { sound: 5 } }, 'notificationType.sound must be 0 or 1'],
])('of %s %j is refused', (group, members, words) => {
  expect(problemsOf(meizu, { meizuField: { [group]: members } })).toEqual([
    `meizuField.${group}.${words}`,
  ]);
});

test('a background excludes a big picture, wherever both stand', () => {
  const noticeExpandInfo = { noticeExpandType: 2, noticeExpandImgUrl: IMAGE };
  const vipInfo = { backgroundImgUrl: IMAGE };

  expect(problemsOf(meizu, { meizuField: { noticeExpandInfo } })).toEqual([]);
  expect(problemsOf(meizu, { meizuField: { noticeExpandInfo, vipInfo } })).toEqual([
    'meizuField.vipInfo.backgroundImgUrl excludes a big picture (noticeExpandType 2)',
  ]);
});

test('blank and unknown members pass, groups that are no objects do not', () => {
  expect(problemsOf(meizu, { meizuField: {} })).toEqual([]);
  expect(
    problemsOf(meizu, { meizuField: { brandNew: 1, noticeBarInfo: { title: '', brandNew: 1 } } }),
  ).toEqual([]);
  expect(problemsOf(meizu, { meizuField: 'x' })).toEqual(['meizuField must be an object']);
  expect(problemsOf(meizu, { meizuField: { vipInfo: [1] } })).toEqual([
    'meizuField.vipInfo must be an object',
  ]);
});

describe('at the vendor', () => {
  let simulators: Simulators;

  beforeAll(async () => {
    simulators = await startSimulators({ ratePerSecond: { meizu: Number.POSITIVE_INFINITY } });
    simulators.meizu.control({ vip: true, foldAfter: null });
  });

  afterAll(() => simulators.close());

  test('any fields the schema takes come out as a request that is accepted', async () => {
    const certificate = aMeizuCertificate({
      endpoint: simulators.endpoint('meizu'),
      credentials: { ...simulators.credentials('meizu') },
    });
    const sender = createMeizuSender(certificate, somePorts());
    const texts = fc.string({ unit: 'grapheme', maxLength: 200 });
    const groups = [...new Set(MEMBERS.map(([group]) => group))];
    // what is new at Meizu passes the schema, and a simulator cannot know it
    const objects = (name: string) =>
      name === 'notificationType'
        ? fc.record({ vibrate: fc.nat(2), lights: fc.boolean() }, { requiredKeys: [] })
        : fc.dictionary(texts, fc.jsonValue());
    const membersOf = (group: string) =>
      fc.record(
        Object.fromEntries(
          MEMBERS.filter(([one]) => one === group).map(([, name, right]) => [
            name,
            fc.oneof(fc.constant(right), texts, fc.nat(2), objects(name)),
          ]),
        ),
        { requiredKeys: [] },
      );
    const known = fc
      .record(Object.fromEntries(groups.map((group) => [group, membersOf(group)])))
      .map((field) =>
        Object.fromEntries(
          Object.entries(field).filter(
            ([group, members]) =>
              problemsOf(meizu, { meizuField: { [group]: members } }).length === 0,
          ),
        ),
      )
      .filter((meizuField) => problemsOf(meizu, { meizuField }).length === 0);
    const data = fc.dictionary(texts, texts, { maxKeys: 20 });

    await fc.assert(
      fc.asyncProperty(known, data, async (meizuField, custom) => {
        const notification = aNotification({ fields: { meizuField }, data: custom });
        const request = {
          receiptUrl: 'https://push.example.com/r/abc',
          tokens: ['phone-1'],
        } as const;
        expect(await sender.send(aSendRequest({ notification, ...request }))).toMatchObject([
          { kind: 'accepted' },
        ]);
      }),
      { numRuns: 100 },
    );
  });
});
