import { createHash } from 'node:crypto';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call, postXiaomi, postXiaomiBody, XIAOMI_MESSAGE } from '../calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { xiaomi: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.xiaomi.reset();
  simulators.phones.clear();
});

const long = (length: number) => 'x'.repeat(length);
const ids = (count: number) => Array.from({ length: count }, (_, i) => `r${i}`).join(',');
const custom = (count: number, valueLength = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`extra.k${i}`, long(valueLength)]));

describe.each(['v2', 'v3', 'v4'])('%s of the send call', (version) => {
  test('a right message is accepted and shown', async () => {
    const { status, json } = await postXiaomi(simulators, {}, `/${version}/message/regid`);
    expect(status).toBe(200);
    expect(json).toEqual({
      result: 'ok',
      trace_id: expect.stringMatching(/^Xdm5/),
      code: 0,
      data: {
        id: expect.stringMatching(/^sdm5/),
        day_quota: expect.stringMatching(/^\d+$/),
        day_acked: '1',
      },
      description: '成功',
      info: 'Received push messages for 1 REGID',
    });
    expect(simulators.phones.look('regA==').tray).toMatchObject([
      { title: '订单 已发货', body: '包裹 A&B 100%', notifyId: 7 },
    ]);
  });
});

test('the published example body is accepted byte for byte', async () => {
  const body =
    'registration_id=regA%3D%3D&restricted_package_name=com.example.shop&time_to_live=86400000&payload=%7B%22id%22%3A%2242%22%2C%22k%22%3A%22a+b%2Bc%22%7D&title=%E8%AE%A2%E5%8D%95+%E5%B7%B2%E5%8F%91%E8%B4%A7&description=%E5%8C%85%E8%A3%B9+A%26B+100%25&notify_type=-1&pass_through=0&notify_id=7&extra.notify_effect=1&extra.channel_id=123456&extra.notify_foreground=1&extra.callback=https%3A%2F%2Fpush.example.com%2Fmi&extra.callback.param=m-42&extra.callback.type=17';
  expect(createHash('sha256').update(body).digest('hex')).toBe(
    '233fbb402b938679e7acdf88bca7795109e60d8acc01f0dc59ef1e7456643955',
  );
  const ours = body.replace('com.example.shop', simulators.packageName).replace('=17', '=16');
  expect((await postXiaomiBody(simulators, ours)).json).toMatchObject({ code: 0 });
  expect(simulators.phones.look('regA==').arrivals[0]?.fields).toMatchObject({
    payload: '{"id":"42","k":"a b+c"}',
    'extra.callback.param': 'm-42',
  });
});

const REFUSALS: readonly [string, number, Readonly<Record<string, string | undefined>>][] = [
  ['no registration_id', 10016, { registration_id: undefined }],
  ['a blank registration_id', 100, { registration_id: '' }],
  ['an empty registration_id in the list', 10017, { registration_id: 'a,,b' }],
  ['1001 targets', 10018, { registration_id: ids(1_001) }],
  ['no package', 10016, { restricted_package_name: undefined }],
  ['a package that is not the app’s', 22022, { restricted_package_name: 'com.example.other' }],
  ['no pass_through', 10016, { pass_through: undefined }],
  ['pass_through of 2', 10017, { pass_through: '2' }],
  ['a pass-through message without payload', 10016, { pass_through: '1', payload: undefined }],
  ['no title', 10016, { title: undefined }],
  ['a title of blanks', 100, { title: ' 　' }],
  ['a title of 50 characters', 10017, { title: long(50) }],
  ['a title of 25 emoji, which are 50 UTF-16 units', 10017, { title: '😀'.repeat(25) }],
  ['no description', 10016, { description: undefined }],
  ['a description of blanks', 100, { description: '  ' }],
  ['a description of 128 characters', 10017, { description: long(128) }],
  ['a payload of 4096 characters', 65009, { payload: long(4_096) }],
  ['notify_type of 8', 10017, { notify_type: '8' }],
  ['a negative notify_id', 22103, { notify_id: '-1' }],
  ['a notify_id that is no integer', 22103, { notify_id: '1.5' }],
  ['a notify_id over 2^31 - 1', 22103, { notify_id: '2147483648' }],
  ['time_to_live of 0', 10017, { time_to_live: '0' }],
  ['time_to_live over two weeks', 10017, { time_to_live: '1209600001' }],
  ['time_to_live in another notation', 10017, { time_to_live: '1e6' }],
  ['a scheduled message', 10017, { time_to_send: '1760000000000' }],
  ['no notify_effect', 22100, { 'extra.notify_effect': undefined }],
  ['an unknown notify_effect', 22100, { 'extra.notify_effect': '4' }],
  ['notify_effect 2 without intent_uri', 22100, { 'extra.notify_effect': '2' }],
  ['notify_effect 3 without web_uri', 22100, { 'extra.notify_effect': '3' }],
  ['notify_foreground of yes', 10017, { 'extra.notify_foreground': 'yes' }],
  ['a jobkey of 13 characters', 10017, { 'extra.jobkey': long(13) }],
  ['a jobkey that begins with _', 10017, { 'extra.jobkey': '_a' }],
  ['a jobkey with a dot', 10017, { 'extra.jobkey': 'a.b' }],
  ['an empty jobkey', 10017, { 'extra.jobkey': '' }],
  ['a callback of 129 bytes', 65037, { 'extra.callback': `https://a.example/${long(111)}` }],
  ['a callback that is no web address', 65038, { 'extra.callback': 'ftp://a.example/' }],
  ['a callback.param of 65 bytes', 65036, { 'extra.callback.param': `${'é'.repeat(32)}x` }],
  ['callback.type 246: 3 added to 1 and 2', 10017, { 'extra.callback.type': '246' }],
  ['callback.type 4: 3 added to 1', 10017, { 'extra.callback.type': '4' }],
  ['callback.type 0', 10017, { 'extra.callback.type': '0' }],
  ['11 custom extras', 65014, custom(11)],
  ['custom extras of 1025 characters', 65015, { 'extra.key': long(1_022) }],
  ['a parameter that does not exist', 10008, { notifyId: '1' }],
];

test.each(REFUSALS)('%s is refused with %i', async (_, code, change) => {
  const { status, json } = await postXiaomi(simulators, change);
  expect(status).toBe(200);
  expect(json).toEqual({
    result: 'error',
    reason: expect.any(String),
    trace_id: expect.any(String),
    code,
    description: expect.any(String),
  });
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect(simulators.xiaomi.counters()).toMatchObject({
    requests: 1,
    accepted: 0,
    refused: 1,
    refusedByCode: { [code]: 1 },
  });
});

const ACCEPTED: readonly [string, Readonly<Record<string, string | undefined>>][] = [
  ['1000 targets', { registration_id: ids(1_000) }],
  ['a title of 49 characters', { title: '字'.repeat(49) }],
  ['a description of 127 characters', { description: long(127) }],
  ['a payload of 4095 characters', { payload: long(4_095) }],
  [
    'no notify_type, notify_id, time_to_live and payload',
    {
      notify_type: undefined,
      notify_id: undefined,
      time_to_live: undefined,
      payload: undefined,
    },
  ],
  ['two weeks to live', { time_to_live: '1209600000' }],
  [
    'notify_effect 2 with intent_uri',
    {
      'extra.notify_effect': '2',
      'extra.intent_uri': 'intent:#Intent;component=com.example.chat/.Main;end',
    },
  ],
  ['a jobkey of 12 characters', { 'extra.jobkey': 'aB3-_678901z' }],
  ['a callback of 128 bytes', { 'extra.callback': `https://a.example/${long(110)}` }],
  ['callback.type 1267', { 'extra.callback.type': '1267' }],
  ['callback.param of 64 bytes', { 'extra.callback.param': 'é'.repeat(32) }],
  ['10 custom extras of 1024 characters', custom(10, 100)],
  [
    'a pass-through message without texts',
    {
      pass_through: '1',
      title: undefined,
      description: undefined,
      'extra.notify_effect': undefined,
    },
  ],
];

test.each(ACCEPTED)('%s is accepted', async (_, change) => {
  expect((await postXiaomi(simulators, change)).json).toMatchObject({ result: 'ok', code: 0 });
});

const BODY = new URLSearchParams(XIAOMI_MESSAGE).toString();

const WIRE: readonly [string, number, Readonly<Record<string, string>>, string][] = [
  ['no key', 21301, { authorization: '' }, BODY],
  ['a wrong secret', 21301, { authorization: 'key=wrong' }, BODY],
  ['another media type', 10007, { 'content-type': 'application/json' }, BODY],
  [
    'another charset',
    10007,
    { 'content-type': 'application/x-www-form-urlencoded;charset=GBK' },
    BODY,
  ],
  ['a malformed percent sequence', 10008, {}, `${BODY}&extra.a=%4`],
  ['bytes that are not UTF-8', 10008, {}, `${BODY}&extra.a=%FF`],
  ['a raw non-ASCII character', 10008, {}, `${BODY}&extra.a=字`],
  ['a raw comma', 10008, {}, `${BODY}&extra.a=a,b`],
  ['a raw space', 10008, {}, `${BODY}&extra.a=a b`],
  ['a raw equals sign in a value', 10008, {}, `${BODY}&extra.a=a=b`],
  ['a pair without a value', 10008, {}, `${BODY}&extra.a`],
  ['a field given twice', 10008, {}, `${BODY}&title=again`],
];

test.each(WIRE)('%s is refused with %i', async (_, code, headers, body) => {
  const { status, json } = await postXiaomiBody(simulators, body, '/v3/message/regid', headers);
  expect(status).toBe(200);
  expect(json).toMatchObject({ result: 'error', code });
});

test('the word key must be lower case', async () => {
  const { appSecret } = simulators.credentials('xiaomi');
  const authorization = `Key=${appSecret}`;
  const { json } = await postXiaomiBody(simulators, BODY, '/v3/message/regid', { authorization });
  expect(json).toMatchObject({ code: 21301, reason: 'Invalid application secret.' });
});

test('unknown paths and other methods are refused', async () => {
  expect((await postXiaomi(simulators, {}, '/v9/message/regid')).json).toMatchObject({
    code: 10020,
  });
  const got = await call(`${simulators.endpoint('xiaomi')}/v3/message/regid`);
  expect(got.json).toMatchObject({ code: 10021 });
});

test('v2 takes one package, v3 several', async () => {
  const packages = { restricted_package_name: 'com.example.chat,com.example.chat' };
  const v2 = await postXiaomi(simulators, packages, '/v2/message/regid');
  expect(v2.json).toMatchObject({ code: 22022 });
  expect((await postXiaomi(simulators, packages)).json).toMatchObject({ code: 0 });
});

test('an IP that is not allowed is told so', async () => {
  simulators.xiaomi.control({ ipNotAllowed: true });
  expect((await postXiaomi(simulators)).json).toMatchObject({ code: 10004 });
});

test('a dead target alone is refused, among living ones it is passed over in silence', async () => {
  simulators.xiaomi.control({ deadTokens: ['gone'] });
  for (const registration_id of ['dead-1', 'gone', 'dead-1,gone']) {
    const { json } = await postXiaomi(simulators, { registration_id });
    expect(json).toMatchObject({ code: 20301, reason: 'No valid targets!' });
  }
  const { json } = await postXiaomi(simulators, { registration_id: 'gone,living,dead-2' });
  expect(json).toMatchObject({ code: 0, info: 'Received push messages for 3 REGID' });
  expect(simulators.phones.tokens()).toEqual(['living']);
  expect(simulators.xiaomi.counters()).toMatchObject({ accepted: 1, targets: 1 });
});

test('the tray follows notify_id and jobkey', async () => {
  await postXiaomi(simulators, { notify_id: '1', 'extra.jobkey': 'job-1' });
  await postXiaomi(simulators, { notify_id: '2', 'extra.jobkey': 'job-1' });
  await postXiaomi(simulators, { notify_id: '1', title: 'newer' });
  await postXiaomi(simulators, { notify_id: '3' });
  const { tray, arrivals, repeats } = simulators.phones.look('regA==');
  expect(tray).toMatchObject([{ notifyId: 1, title: 'newer' }, { notifyId: 3 }]);
  expect(arrivals.map(({ effect }) => effect)).toEqual(['shown', 'dropped', 'replaced', 'shown']);
  expect(repeats).toBe(2);
});

test('without a notify_id the tray has room for one', async () => {
  await postXiaomi(simulators, { notify_id: undefined, title: 'first' });
  await postXiaomi(simulators, { notify_id: undefined, title: 'second' });
  expect(simulators.phones.look('regA==').tray).toMatchObject([{ title: 'second' }]);
});

test('a pass-through message is not in the tray', async () => {
  await postXiaomi(simulators, { pass_through: '1' });
  expect(simulators.phones.look('regA==')).toMatchObject({
    tray: [],
    arrivals: [{ effect: 'silent' }],
  });
});

test('revoke takes a notification out of the trays named', async () => {
  await postXiaomi(simulators, { registration_id: 'a,b,c', notify_id: '7' });
  const revoke = (body: string) => postXiaomiBody(simulators, body, '/v1/message/regid/revoke');
  const tail = 'restricted_package_name=com.example.chat&notify_id=7';
  const answer = await revoke(`registration_ids=a&registration_ids=b&${tail}`);
  expect(answer.json).toMatchObject({ result: 'ok', code: 0 });
  const trays = ['a', 'b', 'c'].map((token) => simulators.phones.look(token).tray.length);
  expect(trays).toEqual([0, 0, 1]);

  expect((await revoke(tail)).json).toMatchObject({ code: 10016 });
  expect((await revoke('registration_ids=c&notify_id=7')).json).toMatchObject({ code: 10016 });
  expect((await revoke(`registration_ids=c&${tail}x`)).json).toMatchObject({ code: 22103 });
  const other = 'restricted_package_name=com.example.other&notify_id=7';
  expect((await revoke(`registration_ids=c&${other}`)).json).toMatchObject({ code: 22022 });
});

test('the daily total counts delivered messages and is told in every answer', async () => {
  simulators.xiaomi.control({ dailyQuota: 3 });
  const first = await postXiaomi(simulators, { registration_id: 'a,b,dead-c' });
  expect(first.json).toMatchObject({ data: { day_quota: '3', day_acked: '2' } });
  await postXiaomi(simulators);
  expect((await postXiaomi(simulators)).json).toMatchObject({
    code: 200001,
    reason: 'exceed quota, quota: 3, have acked: 3',
  });
});

describe('with channels configured', () => {
  const day = 86_400_000;
  const template = {
    'extra.channel_id': 'chat',
    'extra.template_id': 'T1',
    'extra.template_param': '{"who":"Ann"}',
  };
  beforeEach(() => {
    simulators.xiaomi.control({
      channels: { news: { kind: 'public' }, chat: { kind: 'private', templates: { T1: ['who'] } } },
    });
  });

  test.each([
    ['no channel', 27001, {}],
    ['an unapproved channel', 27001, { 'extra.channel_id': 'other' }],
    ['a private channel without template', 27001, { 'extra.channel_id': 'chat' }],
    ['an unknown template', 27001, { ...template, 'extra.template_id': 'T2' }],
    ['variables of another template', 10017, { ...template, 'extra.template_param': '{"x":"1"}' }],
    ['a blank variable', 10017, { ...template, 'extra.template_param': '{"who":" "}' }],
    ['an emoji in a variable', 10017, { ...template, 'extra.template_param': '{"who":"😀"}' }],
    [
      'a variable of 129 characters',
      10017,
      {
        ...template,
        'extra.template_param': JSON.stringify({ who: long(129) }),
      },
    ],
    ['variables that are no JSON', 10017, { ...template, 'extra.template_param': '{' }],
    [
      'more than a day in a public channel',
      10017,
      {
        'extra.channel_id': 'news',
        time_to_live: `${day + 1}`,
      },
    ],
    ['more than 10 days in a private one', 10017, { ...template, time_to_live: `${10 * day + 1}` }],
  ])('%s is refused with %i', async (_, code, change) => {
    expect((await postXiaomi(simulators, change)).json).toMatchObject({ code });
  });

  test('an approved channel with its template is accepted', async () => {
    const news = await postXiaomi(simulators, { 'extra.channel_id': 'news' });
    expect(news.json).toMatchObject({ code: 0 });
    const chat = await postXiaomi(simulators, { ...template, time_to_live: `${10 * day}` });
    expect(chat.json).toMatchObject({ code: 0 });
  });
});
