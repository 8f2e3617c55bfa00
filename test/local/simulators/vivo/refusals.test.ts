import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { isWithinHours } from '../../../../local/simulators/vivo/message-rules';
import { call } from '../calls';
import { aBody, aPush, fetchVivoToken, postVivo } from './vivo-calls';

let simulators: Simulators;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  authToken = await fetchVivoToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.vivo.reset();
  simulators.phones.clear();
});

const send = (change: Readonly<Record<string, unknown>>) =>
  postVivo(simulators, 'send', aPush(simulators, change), { authToken });
const save = (change: Readonly<Record<string, unknown>>) =>
  postVivo(simulators, 'saveListPayload', aBody(simulators, change), { authToken });

const long = (length: number) => 'x'.repeat(length);
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));

/** Wrong for a single push and for a saved body alike. */
const COMMON: readonly [string, Readonly<Record<string, unknown>>][] = [
  ['no app id', { appId: undefined }],
  ['an app id as text', { appId: '10086' }],
  ['no notifyType', { notifyType: undefined }],
  ['notifyType 5', { notifyType: 5 }],
  ['no title', { title: undefined }],
  ['a blank title', { title: ' 　' }],
  ['a title of 41 characters', { title: long(41) }],
  ['no content', { content: undefined }],
  ['a content of 101 characters', { content: long(101) }],
  ['59 seconds to live', { timeToLive: 59 }],
  ['over a day to live', { timeToLive: 86_401 }],
  ['time to live as text', { timeToLive: '86400' }],
  ['no skipType', { skipType: undefined }],
  ['skipType 5', { skipType: 5 }],
  ['a link without address', { skipType: 2 }],
  ['a link that is none', { skipType: 2, skipContent: 'intent://x' }],
  ['a custom skip without content', { skipType: 3 }],
  ['a page without its intent', { skipType: 4 }],
  ['skipContent of 1025', { skipType: 4, skipContent: long(1_025) }],
  ['networkType 0', { networkType: 0 }],
  ['classification 2', { classification: 2 }],
  ['11 custom pairs', { clientCustomMap: pairs(11) }],
  ['a custom value that is no text', { clientCustomMap: { k: 1 } }],
  ['custom pairs of 1025', { clientCustomMap: { k: long(1_024) } }],
  ['extra without a receipt', { extra: { 'callback.param': 'm' } }],
  ['a receipt address that is none', { extra: { callback: 'a.example' } }],
  ['a receipt address of 129', { extra: { callback: `https://a.example/${long(111)}` } }],
  [
    'a receipt parameter of 65',
    { extra: { callback: 'https://a.example/', 'callback.param': long(65) } },
  ],
  ['another extra', { extra: { callback: 'https://a.example/', other: 'x' } }],
  ['no requestId', { requestId: undefined }],
  ['a requestId of 65', { requestId: long(65) }],
  ['pushMode 2', { pushMode: 2 }],
  ['notifyId 0', { notifyId: 0 }],
  ['notifyId over 2^31 - 1', { notifyId: 2_147_483_648 }],
  ['notifyId by a wrong name', { notify_id: 1 }],
  ['foregroundShow as text', { foregroundShow: 'true' }],
  ['tags', { tagExpression: { orTags: ['a'] } }],
];

test.each([
  ...COMMON,
  ['no regId', { regId: undefined }],
  ['an alias', { regId: undefined, alias: 'a' }],
])('a single push with %s is refused with 10000', async (_, change) => {
  const { status, json } = await send(change);
  expect(status).toBe(200);
  expect(json).toEqual({ result: 10_000, desc: expect.any(String) });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test.each([...COMMON, ['a regId', { regId: 'v2-a' }], ['a profileId', { profileId: 'a' }]])(
  'a saved body with %s is refused with 10200',
  async (_, change) => {
    expect((await save(change)).json).toEqual({ result: 10_200, desc: expect.any(String) });
  },
);

test.each([
  ['another app', 10_094, { appId: 1 }],
  ['an unknown category', 10_096, { category: 'CHAT' }],
  ['a category in lower case', 10_096, { category: 'im' }],
  ['a system category as operational', 10_097, { category: 'IM', classification: 0 }],
  ['an operational category as system', 10_097, { category: 'NEWS', classification: 1 }],
])('%s is refused with %i', async (_, result, change) => {
  expect((await send(change)).json).toMatchObject({ result });
  expect((await save(change)).json).toMatchObject({ result });
});

test.each([
  ['texts of 40 and 100 characters', { title: '字'.repeat(40), content: long(100) }],
  ['a minute to live', { timeToLive: 60 }],
  ['a day to live', { timeToLive: 86_400 }],
  ['a link', { skipType: 2, skipContent: 'https://a.example/' }],
  ['10 custom pairs', { clientCustomMap: pairs(10) }],
  ['category and classification that fit', { category: 'IM', classification: 1 }],
  ['both targets', { alias: 'a' }],
  ['the SDK’s empty tags', { tagExpression: { orTags: [], andTags: [], notTags: [] } }],
  ['an audit', { auditReview: [{ reviewer: 'a', type: 1, result: 1 }] }],
  ['a timed display', { timedDisplay: { overtimeDisplay: 1, showStartTime: 1, showEndTime: 2 } }],
  ['a marketing style', { marketing: { styleType: 1 } }],
])('%s is accepted', async (_, change) => {
  expect((await send(change)).json).toMatchObject({ result: 0 });
});

test.each([
  ['a word for test', 10_104, { title: '这是测试' }],
  ['the word test', 10_104, { content: 'A Test message' }],
  ['digits only', 10_085, { title: '12345' }],
  ['symbols only', 10_085, { content: '!!!' }],
  ['Latin letters only', 10_085, { content: 'Hello you' }],
  ['brackets', 10_085, { title: '[订单] 已发货' }],
])('where texts are reviewed, %s is refused with %i', async (_, result, change) => {
  expect((await send(change)).json).toMatchObject({ result: 0 });
  simulators.vivo.control({ contentReview: true, testTokens: ['v2-a'] });
  expect((await send(change)).json).toMatchObject({ result });
  expect((await send({ ...change, pushMode: 1 })).json).toMatchObject({ result: 0 });
});

test('an ordinary text passes the review', async () => {
  simulators.vivo.control({ contentReview: true });
  expect((await send({ title: '张三 (2)', content: 'Hi, 你好!' })).json).toMatchObject({
    result: 0,
  });
});

test.each([
  ['no token', 10_000, {}],
  ['a token nobody issued', 10_000, { authToken: 'x' }],
])('%s is refused with %i', async (_, result, headers) => {
  const { json } = await postVivo(simulators, 'send', aPush(simulators), headers);
  expect(json).toMatchObject({ result });
});

test.each([
  ['no JSON', '{', {}],
  ['another media type', '{}', { 'content-type': 'text/plain' }],
  ['another charset', '{}', { 'content-type': 'application/json;charset=GBK' }],
])('%s is refused', async (_, body, headers) => {
  const { json } = await postVivo(simulators, 'send', body, { authToken, ...headers });
  expect(json).toMatchObject({ result: 10_000 });
});

test('unknown paths and other methods get a page', async () => {
  const all = await postVivo(simulators, 'all', {}, { authToken });
  expect([all.status, all.json]).toEqual([404, undefined]);
  expect((await call(`${simulators.endpoint('vivo')}/message/send`)).status).toBe(405);
});

test('outside the hours operational messages are refused with 10071, system messages are not', async () => {
  simulators.vivo.control({ operationalHours: 'closed' });
  expect((await send({})).json).toMatchObject({ result: 10_071 });
  expect((await save({})).json).toMatchObject({ result: 10_071 });
  expect((await send({ category: 'IM' })).json).toMatchObject({ result: 0 });
});

test('by the clock the hours are 7 to 23 in China', async () => {
  const at = (hourInChina: number) => Date.UTC(2026, 0, 5, hourInChina - 8);
  const hours = [0, 6, 7, 12, 22, 23];
  expect(hours.filter((hour) => isWithinHours(at(hour)))).toEqual([7, 12, 22]);
  simulators.vivo.control({ operationalHours: 'clock' });
  const result = isWithinHours(Date.now()) ? 0 : 10_071;
  expect((await send({})).json).toMatchObject({ result });
});
