import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { call, fetchAccessToken, postFcm, postXiaomi } from './calls';

let simulators: Simulators;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators({ keepRequests: 3 });
  accessToken = await fetchAccessToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.xiaomi.reset();
  simulators.fcm.reset();
  simulators.phones.clear();
});

const message = { message: { token: 'tok1', notification: { title: 'Hello', body: 'World' } } };

function control(vendor: 'xiaomi' | 'fcm', body: unknown, method = 'POST') {
  const url = `${simulators.endpoint(vendor)}/control`;
  return call(url, { method, ...(method === 'POST' && { body: JSON.stringify(body) }) });
}

test('the next requests fail with the status asked for, then all is well again', async () => {
  await control('xiaomi', { failNext: 2, status: 502, retryAfterSeconds: 7 });
  const answers = [await postXiaomi(simulators), await postXiaomi(simulators)];
  expect(answers.map(({ status }) => status)).toEqual([502, 502]);
  expect(answers[0]?.headers.get('retry-after')).toBe('7');
  expect(answers[0]?.json).toBeUndefined();
  expect((await postXiaomi(simulators)).json).toMatchObject({ code: 0 });
  expect(simulators.xiaomi.counters()).toMatchObject({ requests: 3, accepted: 1, failed: 2 });
  expect(simulators.phones.totals().arrivals).toBe(1);
});

test('Xiaomi fails with a code of its own on request', async () => {
  simulators.xiaomi.control({ failNext: 1, code: 10031, reason: 'in the blacklist' });
  const { status, json } = await postXiaomi(simulators);
  expect(status).toBe(200);
  expect(json).toMatchObject({ result: 'error', code: 10031, reason: 'in the blacklist' });
});

test.each([
  [401, 'UNAUTHENTICATED', undefined],
  [403, 'PERMISSION_DENIED', undefined],
  [404, 'NOT_FOUND', undefined],
  [429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'],
  [500, 'INTERNAL', 'INTERNAL'],
  [503, 'UNAVAILABLE', 'UNAVAILABLE'],
])('FCM fails with %i on request, as it documents it', async (status, name, errorCode) => {
  simulators.fcm.control({ failNext: 1, status, retryAfterSeconds: 30 });
  const answer = await postFcm(simulators, accessToken, message);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('retry-after')).toBe('30');
  const details = errorCode && [
    { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode },
  ];
  expect(answer.json).toEqual({
    error: { code: status, message: expect.any(String), status: name, ...(details && { details }) },
  });
});

test('FCM fails with an error code of its own, or as a proxy’s page', async () => {
  simulators.fcm.control({ failNext: 1, status: 401, code: 'THIRD_PARTY_AUTH_ERROR' });
  const { json } = await postFcm(simulators, accessToken, message);
  expect(JSON.stringify(json)).toContain('"errorCode":"THIRD_PARTY_AUTH_ERROR"');
  simulators.fcm.control({ failNext: 1, status: 502 });
  const page = await postFcm(simulators, accessToken, message);
  expect([page.status, page.json]).toEqual([502, undefined]);
  expect(page.headers.get('content-type')).toContain('text/html');
});

test('dropAfterAccept shows the notification and closes the connection without an answer', async () => {
  await control('xiaomi', { dropAfterAccept: 1 });
  await expect(postXiaomi(simulators)).rejects.toThrow();
  expect(simulators.phones.look('regA==').tray).toHaveLength(1);
  await postXiaomi(simulators);
  expect(simulators.phones.look('regA==')).toMatchObject({ repeats: 1, tray: [{ notifyId: 7 }] });
  expect(simulators.xiaomi.counters()).toMatchObject({ accepted: 2, dropped: 1 });

  simulators.fcm.control({ dropAfterAccept: 1 });
  await expect(postFcm(simulators, accessToken, message)).rejects.toThrow();
  expect(simulators.phones.look('tok1').tray).toHaveLength(1);
});

test('a refused request does not use up dropAfterAccept', async () => {
  simulators.xiaomi.control({ dropAfterAccept: 1 });
  await postXiaomi(simulators, { title: undefined });
  await expect(postXiaomi(simulators)).rejects.toThrow();
});

test.each([60, [60, 80] as [number, number]])('answers take %j ms', async (latencyMs) => {
  await control('xiaomi', { latencyMs });
  const before = performance.now();
  await postXiaomi(simulators);
  expect(performance.now() - before).toBeGreaterThanOrEqual(59);
});

test('over the rate Xiaomi answers 200002 and FCM 429 with Retry-After, and the excess is counted', async () => {
  await control('xiaomi', { ratePerSecond: 3 });
  await control('fcm', { ratePerSecond: 3 });
  const five = [1, 2, 3, 4, 5];
  const xiaomi = await Promise.all(five.map(() => postXiaomi(simulators)));
  const codes = xiaomi.map(({ json }) => Object(json).code).sort();
  expect(codes).toEqual([0, 0, 0, 200002, 200002]);

  const fcm = await Promise.all(five.map(() => postFcm(simulators, accessToken, message)));
  expect(fcm.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  const refused = fcm.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect(refused?.json).toMatchObject({
    error: { status: 'RESOURCE_EXHAUSTED', details: [{ errorCode: 'QUOTA_EXCEEDED' }] },
  });

  for (const simulator of [simulators.xiaomi, simulators.fcm]) {
    expect(simulator.counters()).toMatchObject({
      requests: 5,
      accepted: 3,
      refused: 2,
      refusedByRate: 2,
      maxInWindow: 5,
    });
  }
});

test('requests with bad credentials do not count towards the rate', async () => {
  simulators.fcm.control({ ratePerSecond: 1 });
  for (let i = 0; i < 3; i++) await postFcm(simulators, 'nonsense', message);
  expect((await postFcm(simulators, accessToken, message)).status).toBe(200);
  expect(simulators.fcm.counters().maxInWindow).toBe(1);
});

test('null lifts the rate limit', async () => {
  simulators.xiaomi.control({ ratePerSecond: 1 });
  await control('xiaomi', { ratePerSecond: null });
  await Promise.all([postXiaomi(simulators), postXiaomi(simulators), postXiaomi(simulators)]);
  expect(simulators.xiaomi.counters().refusedByRate).toBe(0);
});

test('GET control tells the counters, DELETE starts anew', async () => {
  await postXiaomi(simulators, { title: '' });
  const told = await control('xiaomi', undefined, 'GET');
  expect(told.json).toEqual(simulators.xiaomi.counters());
  expect(told.json).toMatchObject({ requests: 1, refused: 1, authRequests: 0 });
  simulators.xiaomi.control({ failNext: 5, ipNotAllowed: true, dailyQuota: 0, channels: {} });
  expect((await control('xiaomi', undefined, 'DELETE')).json).toMatchObject({ requests: 0 });
  expect((await postXiaomi(simulators)).json).toMatchObject({ code: 0 });
});

test.each([
  ['xiaomi', { failNext: -1 }],
  ['xiaomi', { failnext: 1 }],
  ['fcm', { ipNotAllowed: true }],
  ['fcm', { latencyMs: 'long' }],
  ['fcm', 'nonsense'],
] as const)('a control call of %s that makes no sense is refused: %j', async (vendor, body) => {
  expect((await control(vendor, body)).status).toBe(400);
});

test('other methods are refused', async () => {
  expect((await control('xiaomi', undefined, 'PUT')).status).toBe(405);
  const requests = await call(`${simulators.endpoint('fcm')}/requests`, { method: 'POST' });
  expect(requests.status).toBe(405);
});

test('the last requests are told as they were on the wire, without credentials', async () => {
  for (const title of ['1', '2', '3', '4']) await postXiaomi(simulators, { title });
  const { json, text } = await call(`${simulators.endpoint('xiaomi')}/requests?last=2`);
  expect(json).toMatchObject({
    requests: [
      { body: expect.stringContaining('title=3') },
      {
        method: 'POST',
        path: '/xiaomi/v3/message/regid',
        headers: { authorization: '[redacted]' },
        body: expect.stringContaining('title=4'),
        status: 200,
      },
    ],
  });
  expect(text).not.toContain(simulators.credentials('xiaomi').appSecret);
  expect(simulators.xiaomi.front.captured.last()).toHaveLength(3);
  expect((await call(`${simulators.endpoint('xiaomi')}/requests?last=x`)).status).toBe(400);
});

test('a signed assertion is not told either', async () => {
  await fetchAccessToken(simulators);
  const { text } = await call(`${simulators.endpoint('fcm')}/requests`);
  expect(text).toContain('assertion=[redacted]');
  expect(text).not.toContain('eyJ');
});
