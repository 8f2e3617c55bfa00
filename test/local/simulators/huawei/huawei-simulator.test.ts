import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { fetchToken, huaweiMessage, manyTokens, postHuawei } from './push-kit-calls';

let simulators: Simulators;
let token: string;

beforeAll(async () => {
  simulators = await startSimulators({ ratePerSecond: { huawei: 2_000 } });
  token = await fetchToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.huawei.reset();
  simulators.phones.clear();
});

const send = (body: unknown, path?: string) => postHuawei(simulators, token, body, path);
const sendTo = (tokens: readonly string[], notification: Readonly<Record<string, unknown>> = {}) =>
  send(huaweiMessage({ message: { token: tokens }, notification }));
const look = (name: string) => simulators.phones.look(name);

test('a right message is accepted and shown', async () => {
  const body = huaweiMessage({ message: { token: ['tokA', 'tokB'] } });
  const { status, json } = await send(body);
  expect(status).toBe(200);
  const requestId = expect.stringMatching(/^\d{18}$/);
  expect(json).toEqual({ code: '80000000', msg: 'Success', requestId });
  const { token: _, ...fields } = body.message;
  expect(look('tokA')).toMatchObject({
    tray: [{ vendor: 'huawei', title: '订单', body: '已发货', notifyId: 7 }],
    arrivals: [{ effect: 'shown', fields }],
  });
  expect(look('tokB').tray).toHaveLength(1);
  expect(simulators.huawei.counters()).toMatchObject({ requests: 1, accepted: 1, targets: 2 });
});

test('v2 goes by the project', async () => {
  const { project_id } = simulators.huawei.serviceAccountCredentials.serviceAccount;
  const { json } = await send(huaweiMessage(), `/v2/${project_id}/messages:send`);
  expect(json).toMatchObject({ code: '80000000' });
  expect(look('tokA').tray).toHaveLength(1);
});

test('a pass-through message goes to the app alone', async () => {
  const { json } = await send({
    validate_only: false,
    message: {
      data: '{"id":"42"}',
      android: { urgency: 'NORMAL', ttl: '3600s' },
      token: ['tokA'],
    },
  });
  expect(json).toMatchObject({ code: '80000000' });
  expect(look('tokA')).toMatchObject({ tray: [], arrivals: [{ effect: 'silent' }] });
});

test('with the permission a message may have high urgency', async () => {
  simulators.huawei.control({ highPriority: true });
  const { json } = await send(huaweiMessage({ android: { urgency: 'HIGH' } }));
  expect(json).toMatchObject({ code: '80000000' });
});

test('validate_only shows nothing', async () => {
  const { json } = await send({ ...huaweiMessage(), validate_only: true });
  expect(json).toMatchObject({ code: '80000000' });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('the same notify_id takes the older one’s place, another one does not', async () => {
  await sendTo(['tokA'], { title: 'first' });
  await sendTo(['tokA'], { title: 'second' });
  await sendTo(['tokA'], { title: 'third', notify_id: 8 });
  expect(look('tokA').tray.map(({ title }) => title)).toEqual(['second', 'third']);
  expect(look('tokA').repeats).toBe(1);
});

test('the same tag takes the older one’s place', async () => {
  await sendTo(['tokA'], { notify_id: undefined, tag: 't', title: 'first' });
  await sendTo(['tokA'], { notify_id: undefined, tag: 't', title: 'second' });
  expect(look('tokA').tray).toMatchObject([{ title: 'second', tag: 't' }]);
});

test.each([undefined, -1])('a notify_id of %s is a new one each time', async (notify_id) => {
  await sendTo(['tokA'], { notify_id });
  await sendTo(['tokA'], { notify_id });
  expect(look('tokA').tray).toHaveLength(2);
});

test('a token that comes twice gets the message twice', async () => {
  await sendTo(['tokA', 'tokA'], { notify_id: undefined });
  expect(look('tokA').tray).toHaveLength(2);
});

test('illegal tokens among others are named in a text of JSON', async () => {
  simulators.huawei.control({ deadTokens: ['gone'], foreignTokens: ['theirs'] });
  const tokens = ['tokA', 'dead-1', 'tokB', 'gone', 'theirs', 'foreign-1', 'with blank'];
  const { status, json } = await sendTo(tokens);
  expect(status).toBe(200);
  expect(json).toEqual({
    code: '80100000',
    msg: '{"success":2,"failure":5,"illegal_tokens":["dead-1","gone","theirs","foreign-1","with blank"]}',
    requestId: expect.any(String),
  });
  expect(simulators.phones.tokens()).toEqual(['tokA', 'tokB']);
  expect(simulators.huawei.counters()).toMatchObject({ accepted: 1, targets: 2 });
});

test('when all tokens are illegal the request is refused', async () => {
  const { json } = await sendTo(['dead-1', 'foreign-1']);
  expect(json).toMatchObject({ code: '80300007', msg: 'All the tokens are invalid' });
  expect(simulators.huawei.counters()).toMatchObject({ refusedByCode: { 80300007: 1 } });
});

test('the rate counts devices, and over it comes a bare 503', async () => {
  simulators.huawei.control({ ratePerSecond: 1_500 });
  const answers = [
    await sendTo(manyTokens(1_000)),
    await sendTo(manyTokens(501)),
    await sendTo(manyTokens(500)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(answers[1]?.json).toBeUndefined();
  expect(answers[1]?.headers.get('retry-after')).toBeNull();
  expect(simulators.huawei.counters()).toMatchObject({
    accepted: 2,
    refusedByRate: 1,
    refusedByCode: { 503: 1 },
    maxInWindow: 2_001,
  });
});

test('what has bad credentials does not count in the rate', async () => {
  simulators.huawei.control({ ratePerSecond: 1 });
  expect((await postHuawei(simulators, 'wrong', huaweiMessage())).status).toBe(401);
  expect((await send(huaweiMessage())).status).toBe(200);
});

test('codes come on request, with the status that goes with them', async () => {
  const statuses: Record<string, number> = {};
  for (const code of ['80300002', '80200003', '81000001', '80100016', '80300007']) {
    simulators.huawei.control({ failNext: 1, code });
    const { status, json } = await send(huaweiMessage());
    expect(json).toEqual({ code, msg: expect.any(String), requestId: expect.any(String) });
    statuses[code] = status;
  }
  expect(statuses).toEqual({
    80300002: 400,
    80200003: 401,
    81000001: 500,
    80100016: 400,
    80300007: 400,
  });
  simulators.huawei.control({ failNext: 1, code: '81000001', status: 200, reason: 'busy' });
  const asked = await send(huaweiMessage());
  expect(asked.status).toBe(200);
  expect(asked.json).toMatchObject({ code: '81000001', msg: 'busy' });
  expect(simulators.huawei.counters().failed).toBe(6);
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('a failure without a code is a proxy’s page', async () => {
  simulators.huawei.control({ failNext: 1, status: 503, retryAfterSeconds: 2 });
  const { status, headers, json } = await send(huaweiMessage());
  expect([status, headers.get('retry-after'), json]).toEqual([503, '2', undefined]);
});

test('a request can be carried out and never answered', async () => {
  simulators.huawei.control({ dropAfterAccept: 1 });
  await expect(send(huaweiMessage())).rejects.toThrow();
  expect(look('tokA').tray).toHaveLength(1);
});

test('an order that is wrong is not obeyed', () => {
  expect(simulators.huawei.obey({ ipNotAllowed: true })).toBeDefined();
  expect(simulators.huawei.obey({ code: 'abc' })).toBeDefined();
  expect(simulators.huawei.obey({ receiptResults: { tokA: 3 } })).toBeDefined();
  expect(simulators.huawei.obey({ perDeviceQuota: { marketing: 5 } })).toBeUndefined();
});
