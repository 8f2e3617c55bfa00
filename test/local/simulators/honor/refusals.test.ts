import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { aMessage, fetchHonorToken, postHonor } from './honor-calls';

let simulators: Simulators;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  accessToken = await fetchHonorToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.honor.reset();
  simulators.phones.clear();
});

const long = (length: number) => 'x'.repeat(length);
const tokens = (count: number) => Array.from({ length: count }, (_, i) => `tok${i}`);
const button = { name: 'Open', actionType: 0 };

const REFUSALS: readonly [string, unknown][] = [
  ['no token', { ...aMessage(), token: undefined }],
  ['an empty list of tokens', { ...aMessage(), token: [] }],
  ['an empty token', { ...aMessage(), token: [''] }],
  ['a token that is no list', { ...aMessage(), token: 'tokA' }],
  ['1001 tokens', { ...aMessage(), token: tokens(1_001) }],
  ['neither notification nor data', { token: ['tokA'] }],
  ['an envelope like Huawei’s', { validate_only: false, message: aMessage() }],
  ['a topic', { ...aMessage(), topic: 'news' }],
  ['a common notification alone', { token: ['tokA'], notification: { title: 'a', body: 'b' } }],
  ['no clickAction', aMessage({ clickAction: undefined })],
  ['an unknown clickAction', aMessage({ clickAction: { type: 4 } })],
  ['clickAction 1 without a page', aMessage({ clickAction: { type: 1 } })],
  ['clickAction 2 without a URL', aMessage({ clickAction: { type: 2 } })],
  ['clickAction 2 over http', aMessage({ clickAction: { type: 2, url: 'http://a.example/' } })],
  ['Huawei’s click_action', aMessage({ click_action: { type: 3 } })],
  ['a channel', aMessage({ channelId: 'chat' })],
  ['no title', aMessage({ title: undefined })],
  ['a blank body', aMessage({ body: '  ' })],
  ['a title of 41 characters', aMessage({ title: long(41) })],
  ['a body of 257 characters', aMessage({ body: long(257) })],
  ['importance HIGH', aMessage({ importance: 'HIGH' })],
  ['an image over http', aMessage({ image: 'http://a.example/i.png' })],
  ['style 2', aMessage({ style: 2 })],
  ['big text without its texts', aMessage({ style: 1 })],
  ['big text of its own', aMessage({ style: 1, bigTitle: '订单', bigBody: 'other' })],
  ['when that is no time', aMessage({ when: 'noon' })],
  ['notifyId -2', aMessage({ notifyId: -2 })],
  ['notifyId as text', aMessage({ notifyId: '7' })],
  ['a badge without its class', aMessage({ badge: { addNum: 1 } })],
  ['a badge with Huawei’s class', aMessage({ badge: { addNum: 1, class: 'a.Main' } })],
  ['a badge of 100', aMessage({ badge: { setNum: 100, badgeClass: 'a.Main' } })],
  ['four buttons', aMessage({ buttons: [button, button, button, button] })],
  ['a button name of 41 characters', aMessage({ buttons: [{ ...button, name: long(41) }] })],
  ['a button that opens nothing', aMessage({ buttons: [{ ...button, actionType: 1 }] })],
  ['button data of 1025', aMessage({ buttons: [{ ...button, data: long(1_025) }] })],
  ['a ttl without its unit', aMessage({}, { ttl: '86400' })],
  ['a ttl as a number', aMessage({}, { ttl: 86_400 })],
  ['no time to live', aMessage({}, { ttl: '0s' })],
  ['more than 15 days to live', aMessage({}, { ttl: '1296001s' })],
  ['targetUserType 2', aMessage({}, { targetUserType: 2 })],
  ['Huawei’s bi_tag', aMessage({}, { bi_tag: 'm-42' })],
  ['data that is no JSON, in a notification', { ...aMessage(), data: 'text' }],
  ['over 4096 bytes', aMessage({ group: long(4_000) })],
  ['a body that is no JSON', '{'],
];

test.each(REFUSALS)('%s is refused with 400', async (_, body) => {
  const { status, json } = await postHonor(simulators, accessToken, body);
  expect(status).toBe(400);
  expect(json).toEqual({ code: 400, message: expect.any(String) });
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.honor.counters()).toMatchObject({ refusedByCode: { 400: 1 } });
});

const ACCEPTED: readonly [string, unknown][] = [
  ['1000 tokens', { ...aMessage(), token: tokens(1_000) }],
  ['texts of 40 and 256 characters', aMessage({ title: long(40), body: long(256) })],
  ['15 days to live', aMessage({}, { ttl: '1296000s' })],
  ['big text', aMessage({ style: 1, bigTitle: '订单', bigBody: '已发货' })],
  ['a generated notifyId', aMessage({ notifyId: -1 })],
  ['a web page', aMessage({ clickAction: { type: 2, url: 'https://a.example/' } })],
  ['an action', aMessage({ clickAction: { type: 1, action: 'com.example.OPEN' } })],
  ['three buttons', aMessage({ buttons: [button, button, button] })],
  ['a time', aMessage({ when: '2026-01-05T10:00:00.000Z' })],
  ['data as JSON', { ...aMessage(), data: '{"id":"42"}' }],
];

test.each(ACCEPTED)('%s is accepted', async (_, body) => {
  const { json } = await postHonor(simulators, accessToken, body);
  expect(json).toMatchObject({ code: 200, data: { sendResult: true } });
});

const HEADERS: readonly [string, number, Readonly<Record<string, string>>][] = [
  ['no access token', 401, { authorization: '' }],
  ['a token nobody issued', 401, { authorization: 'Bearer eyJx' }],
  ['another media type', 400, { 'content-type': 'text/plain' }],
  ['another charset', 400, { 'content-type': 'application/json; charset=GBK' }],
  ['seconds as timestamp', 400, { timestamp: `${Math.floor(Date.now() / 1_000)}` }],
  ['a timestamp of an hour ago', 400, { timestamp: `${Date.now() - 3_600_000}` }],
  ['no timestamp', 400, { timestamp: '' }],
];

test.each(HEADERS)('%s is refused with %i', async (_, code, headers) => {
  const { status, json } = await postHonor(simulators, accessToken, aMessage(), headers);
  expect(status).toBe(code);
  expect(json).toMatchObject({ code });
});

test('an access token without the word Bearer is refused', async () => {
  const authorization = accessToken;
  const { status } = await postHonor(simulators, accessToken, aMessage(), { authorization });
  expect(status).toBe(401);
});

test('another app is refused with 403', async () => {
  const { status, json } = await postHonor(simulators, accessToken, aMessage(), {}, '104999');
  expect([status, Object(json).code]).toEqual([403, 403]);
});

test('unknown paths and other methods get a page', async () => {
  const { appId } = simulators.credentials('honor');
  const base = simulators.endpoint('honor');
  const huawei = await call(`${base}/v1/${appId}/messages:send`, { method: 'POST', body: '{}' });
  expect([huawei.status, huawei.json]).toEqual([404, undefined]);
  expect((await call(`${base}/api/v1/${appId}/sendMessage`)).status).toBe(405);
});

test('bytes that are not UTF-8 are refused', async () => {
  const { appId } = simulators.credentials('honor');
  const body = Buffer.from(JSON.stringify({ token: ['tokA'], data: 'é' }), 'latin1');
  const { status } = await call(`${simulators.endpoint('honor')}/api/v1/${appId}/sendMessage`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      timestamp: `${Date.now()}`,
    },
  });
  expect(status).toBe(400);
});
