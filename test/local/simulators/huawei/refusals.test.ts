import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { fetchToken, huaweiMessage, long, manyTokens, postHuawei } from './push-kit-calls';

let simulators: Simulators;
let token: string;

beforeAll(async () => {
  simulators = await startSimulators({ ratePerSecond: { huawei: Infinity } });
  token = await fetchToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.huawei.reset();
  simulators.phones.clear();
});

const message = (change: Readonly<Record<string, unknown>>) => huaweiMessage({ message: change });
const android = (change: Readonly<Record<string, unknown>>) => huaweiMessage({ android: change });
const shown = (change: Readonly<Record<string, unknown>>) =>
  huaweiMessage({ notification: change });
const button = { name: 'Open', action_type: 0 };
const light = {
  color: { alpha: 1, red: 0, green: 1, blue: 1 },
  light_on_duration: '3.5',
  light_off_duration: '5S',
};

const REFUSALS: readonly [string, string, unknown][] = [
  ['no JSON', '80100003', '{'],
  ['JSON that is no object', '80100003', '[]'],
  ['a misspelt message', '80300010', { messager: huaweiMessage().message }],
  ['no token', '80300010', message({ token: undefined })],
  ['an empty list of tokens', '80300010', message({ token: [] })],
  ['tokens outside of message', '80300010', { ...message({ token: undefined }), token: ['tokA'] }],
  ['a token that is no list', '80300010', message({ token: 'tokA' })],
  ['1001 tokens', '80300010', message({ token: manyTokens(1_001) })],
  ['a token that is no text', '80100003', message({ token: [1] })],
  ['a body of over 4096 bytes without tokens', '80300008', message({ data: `"${long(4_096)}"` })],
  ['a field that does not exist', '80100003', { ...huaweiMessage(), validateOnly: true }],
  ['an unknown field of the message', '80100003', message({ tokens: [] })],
  ['an unknown field of android', '80100003', android({ priority: 'HIGH' })],
  ['an unknown field of the notification', '80100003', shown({ notifyId: 1 })],
  ['a token and a topic', '80100003', message({ topic: 'news' })],
  ['a condition of six topics', '80100001', sixTopics()],
  ['data that is an object', '80100003', message({ data: { id: '42' } })],
  ['data of a notification that is no JSON', '80100001', message({ data: 'plain' })],
  ['neither notification nor data', '80100003', { message: { token: ['tokA'] } }],
  ['null for a value', '80100003', android({ bi_tag: null })],
  ['a collapse_key of 101', '80100013', android({ collapse_key: 101 })],
  ['a collapse_key of -2', '80100013', android({ collapse_key: -2 })],
  ['a collapse_key that is text', '80100003', android({ collapse_key: '1' })],
  ['a ttl without its unit', '80100001', android({ ttl: '86400' })],
  ['a ttl that is a number', '80100003', android({ ttl: 86_400 })],
  ['a ttl of over 15 days', '80100001', android({ ttl: '1296001s' })],
  ['a ttl of 0', '80100004', android({ ttl: '0s' })],
  ['an unknown urgency', '80100001', android({ urgency: 'high' })],
  ['high urgency without the permission', '80300011', android({ urgency: 'HIGH' })],
  ['an unknown category', '80100001', android({ category: 'SYSTEM_REMINDER' })],
  ['a category in lower case', '80100001', android({ category: 'im' })],
  ['PLAY_VOICE for a notification', '80100001', android({ category: 'PLAY_VOICE' })],
  ['a target_user_type of 2', '80100001', android({ target_user_type: 2 })],
  ['a fast_app_target of 0', '80100001', android({ fast_app_target: 0 })],
  ['an unknown receipt_id', '80300013', android({ receipt_id: 'RCP1' })],
  ['no title on either level', '80100003', shown({ title: undefined })],
  ['a title of blanks', '80100003', shown({ title: ' ' })],
  ['no body on either level', '80100003', shown({ body: undefined })],
  ['no click_action', '80100003', shown({ click_action: undefined })],
  ['only message.notification', '80100003', withoutAndroid()],
  ['a click_action of 4', '80100001', shown({ click_action: { type: 4 } })],
  ['a page without intent and action', '80100001', shown({ click_action: { type: 1 } })],
  ['a URL that is missing', '80100001', shown({ click_action: { type: 2 } })],
  ['a URL without TLS', '80100001', shown({ click_action: { type: 2, url: 'http://a.example' } })],
  ['an icon outside of /raw/', '80100001', shown({ icon: 'icon.png' })],
  ['a colour that is none', '80100001', shown({ color: 'red' })],
  ['a notify_id below -1', '80100001', shown({ notify_id: -2 })],
  ['a notify_id that is text', '80100003', shown({ notify_id: '7' })],
  ['a notify_id over 2^31 - 1', '80100001', shown({ notify_id: 2_147_483_648 })],
  ['a notify_id that is no integer', '80100001', shown({ notify_id: 1.5 })],
  ['group with notify_id', '80100001', shown({ group: 'g' })],
  ['importance HIGH', '80100001', shown({ importance: 'HIGH' })],
  ['style 2', '80100001', shown({ style: 2 })],
  ['style 1 without its texts', '80100001', shown({ style: 1 })],
  ['style 3 without its lines', '80100001', shown({ style: 3 })],
  ['six inbox lines', '80100001', shown({ style: 3, inbox_content: manyTokens(6) })],
  ['an inbox line of 1025', '80100001', shown({ style: 3, inbox_content: [long(1_025)] })],
  ['a picture without TLS', '80100001', shown({ image: 'http://a.example/a.png' })],
  ['a badge without class', '80100003', shown({ badge: { add_num: 1 } })],
  ['add_num of 0', '80100001', shown({ badge: { class: 'a.B', add_num: 0 } })],
  ['add_num of 100', '80100001', shown({ badge: { class: 'a.B', add_num: 100 } })],
  ['set_num of 100', '80100001', shown({ badge: { class: 'a.B', set_num: 100 } })],
  ['an unknown visibility', '80100001', shown({ visibility: 'public' })],
  ['a time in another zone', '80100001', shown({ when: '2026-10-02T15:01:23+08:00' })],
  ['a time that does not exist', '80100001', shown({ when: '2026-13-02T15:01:23Z' })],
  ['a vibration of over a minute', '80100001', shown({ vibrate_config: ['60.1S'] })],
  ['a vibration of 0', '80100001', shown({ vibrate_config: ['0'] })],
  ['11 vibrations', '80100001', shown({ vibrate_config: Array(11).fill('1S') })],
  ['a light over 1', '80100001', shown({ light_settings: { ...light, color: { alpha: 2 } } })],
  ['four languages', '80100001', shown({ multi_lang_key: { t: { a: '', b: '', c: '', d: '' } } })],
  ['a profile_id of 65', '80100001', shown({ profile_id: long(65) })],
  ['four buttons', '80100001', shown({ buttons: Array(4).fill(button) })],
  ['a button name of 41', '80100001', shown({ buttons: [{ ...button, name: long(41) }] })],
  ['button data of 1025', '80100001', shown({ buttons: [{ ...button, data: long(1_025) }] })],
  ['a button to no page', '80100001', shown({ buttons: [{ ...button, action_type: 1 }] })],
  ['an unknown reviewer', '80100001', { ...huaweiMessage(), review: [review('other')] }],
];

function review(reviewer: string) {
  return { reviewer, type: 0, result: { code: 200 } };
}

function sixTopics() {
  const condition = manyTokens(6)
    .map((topic) => `'${topic}' in topics`)
    .join(' && ');
  return message({ token: undefined, condition });
}

function withoutAndroid() {
  return { message: { token: ['tokA'], notification: { title: 'Hello', body: 'World' } } };
}

test.each(REFUSALS)('%s is refused with %s', async (_, code, body) => {
  const { status, json } = await postHuawei(simulators, token, body);
  expect(json).toEqual({
    code,
    msg: expect.any(String),
    requestId: expect.stringMatching(/^\d{18}$/),
  });
  expect(status).toBe(400);
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.huawei.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refused: 1,
    refusedByCode: { [code]: 1 },
  });
});

const EDGES: readonly [string, unknown][] = [
  ['1000 tokens', message({ token: manyTokens(1_000) })],
  ['a ttl of 15 days', android({ ttl: '1296000s' })],
  ['a collapse_key of 100', android({ collapse_key: 100 })],
  ['a title and body of the common level', common()],
  ['inbox lines', shown({ style: 3, inbox_content: [long(1_024 / 2), 'b', 'c', 'd', 'e'] })],
  ['a big text', shown({ style: 1, big_title: 'Big', big_body: 'Text' })],
  ['a time', shown({ when: '2026-10-02T15:01:23.045123456Z' })],
  ['vibration and light', shown({ vibrate_config: ['1.5S', '60'], light_settings: light })],
  ['a badge that is only one more', shown({ badge: { class: 'a.B' } })],
  ['three buttons', shown({ buttons: Array(3).fill(button) })],
  ['a web page', shown({ click_action: { type: 2, url: 'https://a.example/a?b=c' } })],
  ['the app', shown({ click_action: { type: 3 } })],
  ['a topic', message({ token: undefined, topic: 'news' })],
  ['a condition', message({ token: undefined, condition: "'A' in topics && !('B' in topics)" })],
  ['an audit', { ...huaweiMessage(), review: [review('tuibian')] }],
];

function common() {
  return huaweiMessage({
    message: { notification: { title: 'Hello', body: 'World' } },
    notification: { title: undefined, body: undefined },
  });
}

test.each(EDGES)('%s is accepted', async (_, body) => {
  const { status, json } = await postHuawei(simulators, token, body);
  expect(json).toMatchObject({ code: '80000000', msg: 'Success' });
  expect(status).toBe(200);
});

test('the size counts everything on the wire but the tokens', async () => {
  const body = message({ data: '""', token: manyTokens(1_000) });
  const rest = JSON.stringify({ ...body, message: { ...body.message, token: [] } });
  const fill = 4_096 - Buffer.byteLength(rest);
  const send = (data: string) =>
    postHuawei(simulators, token, message({ data, token: manyTokens(1_000) }));
  expect((await send(`"${long(fill)}"`)).status).toBe(200);
  expect((await send(`"${long(fill + 1)}"`)).json).toMatchObject({ code: '80300008' });
});

test.each([
  ['another content type', { 'content-type': 'text/plain' }, 400, '80100003'],
  ['another charset', { 'content-type': 'application/json;charset=gbk' }, 400, '80100003'],
  ['no bearer', { authorization: 'Basic abc' }, 401, '80200001'],
  ['no authorization', { authorization: '' }, 401, '80200001'],
])('%s is refused', async (_, headers, status, code) => {
  const answer = await postHuawei(simulators, token, huaweiMessage(), undefined, headers);
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({ code });
});

test('bytes that are not UTF-8 are refused', async () => {
  const { clientId } = simulators.credentials('huawei');
  const { json } = await call(`${simulators.endpoint('huawei')}/v1/${clientId}/messages:send`, {
    method: 'POST',
    body: Buffer.from(JSON.stringify(huaweiMessage()), 'latin1'),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  expect(json).toMatchObject({ code: '80100003' });
});

test('the app id is not the client id, nor the project id of v2', async () => {
  const { appId, clientId } = simulators.credentials('huawei');
  for (const path of [`/v1/${appId}/messages:send`, `/v2/${clientId}/messages:send`]) {
    const { status, json } = await postHuawei(simulators, token, huaweiMessage(), path);
    expect(status).toBe(401);
    expect(json).toMatchObject({ code: '80200001' });
  }
});

test.each(['/v1/1/messages:revoke', '/v3/1/messages:send', '/pushsend.do', '/v1/messages:send'])(
  '%s is not found',
  async (path) => {
    const { status } = await postHuawei(simulators, token, huaweiMessage(), path);
    expect(status).toBe(404);
  },
);

test('only POST is served', async () => {
  const { clientId } = simulators.credentials('huawei');
  const url = `${simulators.endpoint('huawei')}/v1/${clientId}/messages:send`;
  expect((await call(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
});
