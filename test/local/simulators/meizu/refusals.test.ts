import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aNotification, type Groups, NOTIFY, type PostOptions, postMeizu } from './calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { meizu: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.meizu.reset();
  simulators.phones.clear();
});

const long = (length: number) => 'x'.repeat(length);
const ids = (count: number) => Array.from({ length: count }, (_, i) => `R${i}`).join(',');
const bar = (change: Readonly<Record<string, unknown>>): Groups => ({
  noticeBarInfo: { title: 'T', content: 'C', ...change },
});
const group = (name: string, fields: Readonly<Record<string, unknown>>): Groups =>
  aNotification({ [name]: fields });

const MESSAGES: readonly [string, number, Groups | string][] = [
  ['no JSON', 1005, '{'],
  ['a list', 1005, '[]'],
  ['a list for a group', 1005, '{"noticeBarInfo":[]}'],
  ['an empty messageJson', 110004, ''],
  ['a group that does not exist', 1005, group('badgeInfo', {})],
  ['a field that does not exist', 1005, bar({ badge: 1 })],
  ['no noticeBarInfo', 110004, aNotification({ noticeBarInfo: undefined })],
  ['no title', 110004, bar({ title: undefined })],
  ['an empty title', 110004, bar({ title: '' })],
  ['a title of 33 characters', 1005, bar({ title: long(33) })],
  ['a title of 17 emoji, which are 34 UTF-16 units', 1005, bar({ title: '😀'.repeat(17) })],
  ['a title that is a number', 1005, bar({ title: 1 })],
  ['no content', 110004, bar({ content: undefined })],
  ['a content of 101 characters', 1005, bar({ content: long(101) })],
  ['a message type of 2', 1005, bar({ noticeMsgType: 2 })],
  ['a message type in a text', 1005, bar({ noticeMsgType: '1' })],
  ['a picture for the notification bar', 1005, bar({ noticeBarType: 1 })],
  ['an expanded text that is missing', 110004, group('noticeExpandInfo', { noticeExpandType: 1 })],
  [
    'a big picture without being a VIP app',
    1005,
    group('noticeExpandInfo', { noticeExpandType: 2, noticeExpandImgUrl: 'https://a.example/1' }),
  ],
  ['clickType 1 without activity', 110004, group('clickTypeInfo', { clickType: 1 })],
  ['an activity without package', 1005, group('clickTypeInfo', { clickType: 1, activity: 'Main' })],
  ['clickType 2 without url', 110004, group('clickTypeInfo', { clickType: 2 })],
  ['a url without scheme', 1005, group('clickTypeInfo', { clickType: 2, url: 'a.example' })],
  [
    'clickType 3, which is no longer to be used',
    1005,
    group('clickTypeInfo', { clickType: 3, customAttribute: 'x' }),
  ],
  ['parameters in a text', 1005, group('clickTypeInfo', { parameters: '{}' })],
  ['offLine without validTime', 110004, group('pushTimeInfo', { offLine: 1 })],
  ['validTime of 0', 1005, group('pushTimeInfo', { offLine: 1, validTime: 0 })],
  ['validTime of 73', 1005, group('pushTimeInfo', { offLine: 1, validTime: 73 })],
  ['validTime of an hour and a half', 1005, group('pushTimeInfo', { validTime: 1.5 })],
  ['a push at a time', 1005, group('pushTimeInfo', { pushTimeType: 1 })],
  ['a fixed speed', 1005, group('advanceInfo', { fixSpeed: 1 })],
  ['a flag of 2', 1005, group('advanceInfo', { suspend: 2 })],
  ['a time in another form', 1005, group('advanceInfo', { fixStartDisplayTime: '2026-01-01' })],
  ['the key with a blank at its end', 1005, group('advanceInfo', { 'fixEndDisplayTime ': '' })],
  ['a notifyKey of 9 characters', 1005, group('advanceInfo', { notifyKey: long(9) })],
  ['a notifyKey with a dot', 1005, group('advanceInfo', { notifyKey: 'a.b' })],
  ['a subtitle without being a VIP app', 1005, group('vipInfo', { subtitle: 'S' })],
  ['a receipt without callback', 110004, group('extra', { 'callback.param': 'p' })],
  ['a callback of 129 bytes', 1005, group('extra', { callback: `https://a.example/${long(111)}` })],
  ['a callback that is no web address', 1005, group('extra', { callback: 'ftp://a.example/' })],
  [
    'a callback.param of 65 bytes',
    1005,
    group('extra', { callback: 'https://a.example/', 'callback.param': `${'é'.repeat(32)}x` }),
  ],
  [
    'a callback.type of 4',
    1005,
    group('extra', { callback: 'https://a.example/', 'callback.type': 4 }),
  ],
];

test.each(MESSAGES)('%s is refused with %i', async (_, code, message) => {
  const { status, json } = await postMeizu(simulators, message);
  expect(status).toBe(200);
  expect(json).toEqual({
    code: `${code}`,
    message: expect.stringMatching(/./),
    value: '',
    redirect: '',
  });
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.meizu.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refusedByCode: { [code]: 1 },
  });
});

test.each<[string, number, string, PostOptions]>([
  ['no appId', 110004, 'R1', { fields: { appId: undefined } }],
  ['another appId', 110000, 'R1', { fields: { appId: '1' } }],
  ['no signature', 110004, 'R1', { sign: null }],
  ['another secret', 1006, 'R1', { secret: 'wrong' }],
  ['a signature in upper case', 1006, 'R1', { sign: 'F60118723E91408F122141BF9FEC5299' }],
  ['no pushIds', 110004, 'R1', { fields: { pushIds: undefined } }],
  ['empty pushIds', 110004, '', {}],
  ['an empty pushId among others', 1005, 'R1,,R2', {}],
  ['101 pushIds', 1005, ids(101), {}],
  ['no messageJson', 110004, 'R1', { fields: { messageJson: undefined } }],
  ['a parameter that does not exist', 1005, 'R1', { fields: { alias: 'a' } }],
  ['another media type', 1005, 'R1', { contentType: 'application/json' }],
  ['another charset', 1005, 'R1', { contentType: 'application/x-www-form-urlencoded;charset=GBK' }],
  ['a transparent message', 110053, 'R1', { path: NOTIFY.replace('varnished', 'unvarnished') }],
])('%s is refused with %i', async (_, code, pushIds, options) => {
  const { status, json } = await postMeizu(simulators, aNotification(), pushIds, options);
  expect(status).toBe(200);
  expect(json).toMatchObject({ code: `${code}`, value: '' });
});

test('a signature over another text than the one sent is wrong', async () => {
  const spaced = JSON.stringify(aNotification(), undefined, 1);
  const compact = await postMeizu(simulators, aNotification());
  expect(compact.json).toMatchObject({ code: '200' });
  expect((await postMeizu(simulators, spaced)).json).toMatchObject({ code: '200' });
  const { requests } = Object(
    await (await fetch(`${simulators.url}/meizu/requests?last=1`)).json(),
  );
  const signOfSpaced = new URLSearchParams(requests[0].body).get('sign');
  const { json } = await postMeizu(simulators, aNotification(), 'RA1', { sign: signOfSpaced });
  expect(json).toMatchObject({ code: '1006' });
});

test('unknown paths and other methods get a page', async () => {
  const elsewhere = await postMeizu(simulators, aNotification(), 'R1', { path: '/push' });
  expect([elsewhere.status, elsewhere.json]).toEqual([404, undefined]);
  const got = await postMeizu(simulators, aNotification(), 'R1', { method: 'GET' });
  expect([got.status, got.json]).toEqual([405, undefined]);
});

test.each<[string, Groups]>([
  ['no group but the texts', bar({})],
  [
    'a title of 32 and a content of 100 characters',
    bar({ title: '字'.repeat(32), content: long(100) }),
  ],
  ['the native look', bar({ noticeBarType: 2 })],
  [
    'an expanded text',
    group('noticeExpandInfo', { noticeExpandType: 1, noticeExpandContent: 'E' }),
  ],
  [
    'an activity with parameters',
    group('clickTypeInfo', {
      clickType: 1,
      activity: 'com.example.chat.MainActivity',
      parameters: { k: 'v' },
    }),
  ],
  ['an app link', group('clickTypeInfo', { clickType: 2, url: 'chat://room/1?a=b' })],
  ['72 hours', group('pushTimeInfo', { offLine: 1, validTime: 72 })],
  ['no keeping', group('pushTimeInfo', { offLine: 0 })],
  ['a notifyKey of 8 characters', group('advanceInfo', { notifyKey: 'aB3-_678' })],
  [
    'a receipt with all there is',
    group('extra', {
      callback: `https://a.example/${long(110)}`,
      'callback.param': 'é'.repeat(32),
      'callback.type': '3',
    }),
  ],
])('%s is accepted', async (_, message) => {
  expect((await postMeizu(simulators, message)).json).toMatchObject({ code: '200' });
});

test('100 pushIds are accepted', async () => {
  expect((await postMeizu(simulators, bar({}), ids(100))).json).toMatchObject({ code: '200' });
  expect(simulators.meizu.counters().targets).toBe(100);
});

describe('for VIP apps', () => {
  const url = 'https://a.example/1.png';
  beforeEach(() => simulators.meizu.control({ vip: true }));

  test.each<[string, number, Groups]>([
    [
      'a big picture',
      200,
      group('noticeExpandInfo', { noticeExpandType: 2, noticeExpandImgUrl: url }),
    ],
    ['a big picture without URL', 110004, group('noticeExpandInfo', { noticeExpandType: 2 })],
    ['a subtitle of 16 characters', 200, group('vipInfo', { subtitle: long(16), timeTop: 1_800 })],
    ['a subtitle of 17 characters', 1005, group('vipInfo', { subtitle: long(17) })],
    ['a top place of 7201 seconds', 1005, group('vipInfo', { timeTop: 7_201 })],
    ['two kinds of top place', 1005, group('vipInfo', { timeTop: 1_800, pullDownTop: 1 })],
    ['another title colour', 1005, group('vipInfo', { titleColor: '#000000' })],
    ['a title colour', 200, group('vipInfo', { titleColor: '#206CFF' })],
    [
      'a colour on a background',
      1005,
      group('vipInfo', { titleColor: '#206CFF', backgroundImgUrl: url }),
    ],
    [
      'a background and a big picture',
      1005,
      aNotification({
        vipInfo: { backgroundImgUrl: url },
        noticeExpandInfo: { noticeExpandType: 2, noticeExpandImgUrl: url },
      }),
    ],
  ])('%s is answered with %i', async (_, code, message) => {
    expect((await postMeizu(simulators, message)).json).toMatchObject({ code: `${code}` });
  });
});
