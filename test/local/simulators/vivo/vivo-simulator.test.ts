import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
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

const post = (path: string, body: unknown) => postVivo(simulators, path, body, { authToken });
const send = (change: Readonly<Record<string, unknown>> = {}) =>
  post('send', aPush(simulators, change));
const save = async (change: Readonly<Record<string, unknown>> = {}) =>
  String(Object((await post('saveListPayload', aBody(simulators, change))).json).taskId);
const pushToList = (
  taskId: string,
  regIds: readonly string[],
  change: Readonly<Record<string, unknown>> = {},
) => post('pushToList', { taskId, regIds, requestId: 'n-1002-0001', ...change });
const ids = (count: number) => Array.from({ length: count }, (_, i) => `v2-${i}`);

test('the published single push is accepted and shown', async () => {
  const example = {
    appId: Number(simulators.credentials('vivo').appId),
    regId: 'v2-CRlDrQ0example',
    notifyType: 4,
    title: 'Order shipped',
    content: 'A-1001 is on its way',
    timeToLive: 86_400,
    skipType: 4,
    skipContent: 'intent://order/A-1001#Intent;scheme=demo;package=com.example.app;end',
    networkType: -1,
    classification: 1,
    category: 'ORDER',
    clientCustomMap: { orderId: 'A-1001' },
    extra: { 'callback.id': 'rcpt-01', 'callback.param': 'n-1001' },
    requestId: 'n-1001-0001',
    pushMode: 0,
    notifyId: 1_001,
    foregroundShow: true,
    addBadge: true,
  };
  const { status, json } = await post('send', example);
  expect(status).toBe(200);
  expect(json).toEqual({
    result: 0,
    desc: expect.any(String),
    taskId: expect.stringMatching(/^\d{10}$/),
  });
  const { regId: _, ...fields } = example;
  expect(simulators.phones.look('v2-CRlDrQ0example')).toMatchObject({
    tray: [{ title: 'Order shipped', body: 'A-1001 is on its way', notifyId: 1_001 }],
    arrivals: [{ effect: 'shown', messageId: Object(json).taskId, fields }],
  });
  expect(simulators.vivo.counters()).toMatchObject({ accepted: 1, targets: 1 });
});

test('a dead phone’s id comes back as an invalid user', async () => {
  simulators.vivo.control({ invalidUsers: { foreign: 1, muted: 2 } });
  for (const [regId, status] of [
    ['dead-1', 2],
    ['foreign', 1],
    ['muted', 2],
  ] as const) {
    expect((await send({ regId })).json).toEqual({
      result: 0,
      desc: expect.any(String),
      taskId: expect.any(String),
      invalidUser: { status, userid: regId },
    });
  }
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('an id that is none is refused with 10302, and is an invalid user of a list', async () => {
  simulators.vivo.control({ illegalTokens: ['x'] });
  expect((await send({ regId: 'x' })).json).toMatchObject({ result: 10_302 });
  const { json } = await pushToList(await save(), ['v2-a', 'x']);
  expect(json).toMatchObject({ result: 0, invalidUsers: [{ status: 1, userid: 'x' }] });
});

test('test messages reach devices registered for them only', async () => {
  simulators.vivo.control({ testTokens: ['v2-mine'] });
  const { json } = await send({ pushMode: 1 });
  expect(json).toMatchObject({ result: 0, invalidUser: { status: 4, userid: 'v2-a' } });
  expect((await send({ pushMode: 1, regId: 'v2-mine' })).json).toMatchObject({ result: 0 });
  expect(simulators.phones.tokens()).toEqual(['v2-mine']);
});

test('a saved body goes to a list, and invalid users are told', async () => {
  const taskId = await save({ notifyId: 7 });
  const { json } = await pushToList(taskId, ['v2-a', 'v2-b', 'dead-1']);
  expect(json).toEqual({
    result: 0,
    desc: expect.any(String),
    requestId: 'n-1002-0001',
    invalidUsers: [{ status: 2, userid: 'dead-1' }],
  });
  expect(simulators.phones.tokens()).toEqual(['v2-a', 'v2-b']);
  expect(simulators.phones.look('v2-b').tray).toMatchObject([{ title: '订单', notifyId: 7 }]);
  expect(simulators.vivo.counters()).toMatchObject({ accepted: 2, targets: 2 });
});

test('a list without invalid users has none', async () => {
  const { json } = await pushToList(await save(), ['v2-a', 'v2-b']);
  expect(json).toEqual({ result: 0, desc: expect.any(String), requestId: 'n-1002-0001' });
});

test.each([
  ['one phone', 10_200, ids(1), {}],
  ['1001 phones', 10_200, ids(1_001), {}],
  ['an empty id', 10_200, ['v2-a', ''], {}],
  ['an unknown task', 10_200, ids(2), { taskId: '1' }],
  ['no requestId', 10_200, ids(2), { requestId: undefined }],
  ['the pushMode of an old SDK', 10_200, ids(2), { pushMode: 0 }],
  ['another app', 10_094, ids(2), { appId: 1 }],
])('a list with %s is refused with %i', async (_, result, regIds, change) => {
  const { json } = await pushToList(await save(), regIds, change);
  expect(json).toEqual({ result, desc: expect.any(String) });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test('a list of 1000 phones is accepted, with the app’s id as well', async () => {
  const appId = Number(simulators.credentials('vivo').appId);
  const { json } = await pushToList(await save(), ids(1_000), { appId });
  expect(json).toMatchObject({ result: 0 });
  expect(simulators.vivo.counters()).toMatchObject({ targets: 1_000, maxInWindow: 1_000 });
});

test('the same notifyId replaces, none stacks', async () => {
  await send({ notifyId: 1 });
  await send({ notifyId: 1, title: 'newer' });
  await send();
  await send();
  const { tray, repeats } = simulators.phones.look('v2-a');
  expect(tray.map(({ title }) => title)).toEqual(['newer', '订单', '订单']);
  expect(repeats).toBe(1);
});

test('the rate counts phones; saved bodies and test messages are free', async () => {
  simulators.vivo.control({ ratePerSecond: 3, testTokens: ['v2-mine'] });
  const taskId = await save();
  expect((await pushToList(taskId, ids(3))).json).toMatchObject({ result: 0 });
  expect((await send()).json).toMatchObject({ result: 10_072 });
  expect((await save()).length).toBe(10);
  expect((await send({ pushMode: 1, regId: 'v2-mine' })).json).toMatchObject({ result: 0 });
  expect(simulators.vivo.counters()).toMatchObject({ refusedByRate: 1, maxInWindow: 4 });
});

test('requests with bad credentials do not count towards the rate', async () => {
  simulators.vivo.control({ ratePerSecond: 1 });
  for (let i = 0; i < 3; i++) await postVivo(simulators, 'send', aPush(simulators));
  expect((await send()).json).toMatchObject({ result: 0 });
});

test('each class has its own daily total and its own code', async () => {
  simulators.vivo.control({ dailyQuota: { operational: 2, system: 1 } });
  const taskId = await save();
  expect((await pushToList(taskId, ['v2-a', 'dead-1', 'v2-b'])).json).toMatchObject({ result: 0 });
  expect((await send()).json).toMatchObject({ result: 10_070 });
  expect((await pushToList(taskId, ids(2))).json).toMatchObject({ result: 10_070 });
  expect((await post('saveListPayload', aBody(simulators))).json).toMatchObject({
    result: 10_070,
  });
  expect((await send({ category: 'IM' })).json).toMatchObject({ result: 0 });
  expect((await send({ classification: 1 })).json).toMatchObject({ result: 10_073 });
});

test('test messages are outside the daily total', async () => {
  simulators.vivo.control({ dailyQuota: { operational: 0 }, testTokens: ['v2-a'] });
  expect((await send({ pushMode: 1 })).json).toMatchObject({ result: 0 });
  expect((await send()).json).toMatchObject({ result: 10_070 });
});

test('so many bodies are saved in a day', async () => {
  simulators.vivo.control({ dailyPayloads: 1 });
  await save();
  const { json } = await post('saveListPayload', aBody(simulators));
  expect(json).toMatchObject({ result: 10_252 });
});

test('over the daily limit of a phone an operational message is taken but not shown', async () => {
  simulators.vivo.control({ perDeviceQuota: 1 });
  for (let i = 0; i < 2; i++) expect((await send()).json).toMatchObject({ result: 0 });
  await send({ category: 'IM', title: 'system' });
  const { tray } = simulators.phones.look('v2-a');
  expect(tray.map(({ title }) => title)).toEqual(['订单', 'system']);
});

test('requests fail on request, with a page or with a code', async () => {
  simulators.vivo.control({ failNext: 1, status: 500 });
  const page = await send();
  expect([page.status, page.json]).toEqual([500, undefined]);
  simulators.vivo.control({ failNext: 1, code: 10_045, reason: 'app state' });
  const { status, json } = await send();
  expect([status, json]).toEqual([200, { result: 10_045, desc: 'app state' }]);
});

test('dropAfterAccept shows the notification and closes the connection', async () => {
  simulators.vivo.control({ dropAfterAccept: 1 });
  await expect(send({ notifyId: 1 })).rejects.toThrow();
  await send({ notifyId: 1 });
  expect(simulators.phones.look('v2-a')).toMatchObject({ repeats: 1, tray: [{ notifyId: 1 }] });
});

test('an order that makes no sense is refused, null lifts a limit', () => {
  expect(simulators.vivo.obey({ dailyQuota: 1 })).toContain('dailyQuota');
  expect(simulators.vivo.obey({ dailyQuota: { system: null } })).toBeUndefined();
});
