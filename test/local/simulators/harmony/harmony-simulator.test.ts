import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { harmonyMessage, manyTokens, postHarmony } from '../huawei/push-kit-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ ratePerSecond: { harmony: 2_000 } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.harmony.reset();
  simulators.phones.clear();
});

type Fields = Readonly<Record<string, unknown>>;

const look = (token: string) => simulators.phones.look(token);
const sendTo = (token: readonly string[], notification: Fields = {}) =>
  postHarmony(simulators, harmonyMessage({ token, notification }));

test('the credentials name the project twice', () => {
  const { projectId, clientId, serviceAccount } = simulators.credentials('harmony');
  expect(serviceAccount.project_id).toBe(projectId);
  expect(clientId).toMatch(/^\d{18}$/);
  expect(simulators.authEndpoint('harmony')).toBeUndefined();
});

test('the documentation’s example is accepted and shown', async () => {
  const body = harmonyMessage({ pushOptions: { testMessage: true } });
  const { status, json } = await postHarmony(simulators, body);
  expect(status).toBe(200);
  const requestId = expect.stringMatching(/^\d{18}$/);
  expect(json).toEqual({ code: '80000000', msg: 'Success', requestId });
  const { target: _, ...fields } = body;
  expect(look('tokB')).toMatchObject({
    tray: [
      {
        vendor: 'harmony',
        title: '订单已发货',
        body: '您的订单 A-1001 已发货',
        notifyId: 1001,
        onceKey: 'ord-1001',
      },
    ],
    arrivals: [{ effect: 'shown', fields: { pushType: 0, ...fields } }],
  });
  expect(simulators.harmony.counters()).toMatchObject({
    accepted: 1,
    targets: 2,
    authRequests: 0,
  });
});

test('of one appMessageId only the first is shown', async () => {
  await sendTo(['tokA'], { title: 'first', notifyId: 1 });
  await sendTo(['tokA'], { title: 'second', notifyId: 2 });
  expect(look('tokA').tray.map(({ title }) => title)).toEqual(['first']);
  expect(look('tokA').repeats).toBe(1);
});

test('the same notifyId takes the older one’s place', async () => {
  await sendTo(['tokA'], { title: 'first', appMessageId: 'a' });
  await sendTo(['tokA'], { title: 'second', appMessageId: 'b' });
  expect(look('tokA').tray.map(({ title }) => title)).toEqual(['second']);
});

test.each([undefined, -1])('a notifyId of %s is a new one each time', async (notifyId) => {
  await sendTo(['tokA'], { notifyId, appMessageId: undefined });
  await sendTo(['tokA'], { notifyId, appMessageId: undefined });
  expect(look('tokA').tray).toHaveLength(2);
});

test('what is no notification goes to the app alone', async () => {
  const body = { payload: { extraData: 'x' }, target: { token: ['tokA'] } };
  await postHarmony(simulators, body, { headers: { 'push-type': '6' } });
  expect(look('tokA')).toMatchObject({
    tray: [],
    arrivals: [{ effect: 'silent', fields: { pushType: 6, payload: { extraData: 'x' } } }],
  });
});

test('illegal tokens among others are named by reason', async () => {
  simulators.harmony.control({
    deadTokens: ['gone'],
    foreignTokens: ['theirs'],
    illegalTokens: { abroad: 'countryNotSupport', old: 'tokenPlatformNotSupport' },
  });
  const tokens = ['tokA', 'dead-1', 'theirs', 'gone', 'abroad', 'foreign-1', 'old', 'b c'];
  const { status, json } = await sendTo(tokens);
  expect(status).toBe(200);
  expect(json).toMatchObject({ code: '80100000', msg: expect.any(String) });
  expect(JSON.parse(Object(json).msg)).toEqual({
    illegalTokens: {
      tokenFormatError: ['dead-1', 'gone', 'b c'],
      noRight: ['theirs', 'foreign-1'],
      countryNotSupport: ['abroad'],
      tokenPlatformNotSupport: ['old'],
    },
    success: 1,
    failure: 7,
  });
  expect(simulators.phones.tokens()).toEqual(['tokA']);
  expect(simulators.harmony.counters()).toMatchObject({ accepted: 1, targets: 1 });
});

test('the report of a partial failure is written as the vendor writes it', async () => {
  const { json } = await sendTo(['tokA', 'dead-1']);
  expect(json).toMatchObject({
    msg: '{"illegalTokens":{"tokenFormatError":["dead-1"]},"success":1,"failure":1}',
  });
});

test('when all tokens are illegal the reasons are told too', async () => {
  const { status, json } = await sendTo(['foreign-1']);
  expect(status).toBe(400);
  expect(json).toEqual({
    code: '80300007',
    msg: '{"illegalTokens":{"noRight":["foreign-1"]},"failure":1}',
    requestId: expect.any(String),
  });
});

test('the rate counts devices, and over it comes a bare 503', async () => {
  simulators.harmony.control({ ratePerSecond: 1_500 });
  const answers = [
    await sendTo(manyTokens(1_000)),
    await sendTo(manyTokens(501)),
    await sendTo(manyTokens(500)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(answers[1]?.json).toBeUndefined();
  expect(simulators.harmony.counters()).toMatchObject({ refusedByRate: 1, maxInWindow: 2_001 });
});

test('over the day’s test messages the next is refused', async () => {
  simulators.harmony.control({ dailyQuota: { test: 1 } });
  const body = harmonyMessage({ pushOptions: { testMessage: true } });
  expect((await postHarmony(simulators, body)).status).toBe(200);
  const { status, json } = await postHarmony(simulators, body);
  expect(status).toBe(400);
  expect(json).toMatchObject({ code: '80300029' });
  expect((await sendTo(['tokA'])).status).toBe(200);
});

test.each([
  ['80100022', 400],
  ['80200005', 401],
  ['80300002', 400],
  ['80300037', 400],
  ['81000001', 500],
])('%s comes on request, with %i', async (code, status) => {
  simulators.harmony.control({ failNext: 1, code });
  const answer = await sendTo(['tokA']);
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({ code });
  expect((await sendTo(['tokA'])).status).toBe(200);
});

test('a reason that the vendor does not have is not obeyed', () => {
  expect(simulators.harmony.obey({ illegalTokens: { tokA: 'other' } })).toBeDefined();
  expect(simulators.harmony.obey({ illegalTokens: { tokA: 'noRight' } })).toBeUndefined();
});
