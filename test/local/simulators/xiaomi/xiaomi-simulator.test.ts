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

const BODY = new URLSearchParams(XIAOMI_MESSAGE).toString();

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
  expect(simulators.phones.look('c').tray).toHaveLength(1);
});

test.each([
  ['of an unknown field', 'registration_ids=c&registration_id=c', 10008],
  ['of several ids at once', 'registration_ids=c&notify_id=8', 10008],
  ['of targets in one field', 'registration_ids=a%2Cc', 10017],
  ['of dead phones alone', 'registration_ids=dead-1', 20301],
])('a revocation %s is refused, and takes nothing away', async (_, head, code) => {
  await postXiaomi(simulators, { registration_id: 'a,c', notify_id: '7' });
  const body = `${head}&restricted_package_name=com.example.chat&notify_id=7`;

  const { json } = await postXiaomiBody(simulators, body, '/v1/message/regid/revoke');

  expect(json).toMatchObject({ code });
  expect(simulators.phones.totals().withdrawn).toBe(0);
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
