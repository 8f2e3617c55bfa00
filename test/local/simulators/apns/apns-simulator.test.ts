import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { ApnsClient, DEVICE, PAYLOAD } from './calls';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEAD = `dead${'0'.repeat(60)}`;
const OTHER = 'a1'.repeat(32);

let simulators: Simulators;
let apns: ApnsClient;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.apns.reset();
  simulators.phones.clear();
  apns = new ApnsClient(simulators);
});
afterEach(() => apns.close());

test('a right message is accepted and shown', async () => {
  const expiration = `${Math.floor(Date.now() / 1_000) + 3_600}`;
  const { status, headers, text } = await apns.push({
    'apns-expiration': expiration,
    'apns-collapse-id': 'order-1001',
  });
  expect(status).toBe(200);
  expect(text).toBe('');
  expect(headers['apns-id']).toMatch(UUID);
  expect(headers['apns-unique-id']).toBeUndefined();
  expect(simulators.phones.look(DEVICE)).toMatchObject({
    tray: [
      {
        title: 'Order shipped',
        body: 'A-1001',
        tag: 'order-1001',
        vendor: 'apns',
        package: 'com.example.chat',
        messageId: headers['apns-id'],
      },
    ],
    arrivals: [{ effect: 'shown', fields: { 'apns-expiration': expiration, payload: PAYLOAD } }],
  });
  expect(simulators.apns.counters()).toMatchObject({
    requests: 1,
    accepted: 1,
    targets: 1,
    authRequests: 0,
    providerTokens: 1,
    connections: 1,
  });
});

test('an apns-id comes back, in refusals too', async () => {
  const id = '5b1e9a34-0c77-4b52-9d1e-2f6a8c3d4e5f';
  expect((await apns.push({ 'apns-id': id })).headers['apns-id']).toBe(id);
  const refused = await apns.push({ 'apns-id': id, 'apns-priority': '7' });
  expect(refused).toMatchObject({ status: 400, headers: { 'apns-id': id } });
});

test('the sandbox tells an id for the delivery log too', async () => {
  simulators.apns.control({ sandbox: true });
  expect((await apns.push()).headers['apns-unique-id']).toMatch(UUID);
});

test('a newer message with the same collapse id takes the place of the older', async () => {
  for (const id of ['a', 'a', 'b', undefined, undefined])
    await apns.push({ 'apns-collapse-id': id });
  const { tray, repeats } = simulators.phones.look(DEVICE);
  expect(tray.map(({ tag }) => tag)).toEqual(['a', 'b', undefined, undefined]);
  expect(repeats).toBe(1);
});

test('a text alone and texts by key are shown as well', async () => {
  await apns.push({}, { aps: { alert: 'Hello' } });
  await apns.push(
    {},
    { aps: { alert: { 'title-loc-key': 'T', 'loc-key': 'B', 'loc-args': ['x'] } } },
  );
  expect(simulators.phones.look(DEVICE).tray).toMatchObject([
    { title: '', body: 'Hello' },
    { title: 'T', body: 'B' },
  ]);
});

test('a background message and a mere badge reach the phone without an entry in the tray', async () => {
  const background = { 'apns-push-type': 'background', 'apns-priority': '5' };
  await apns.push(background, { aps: { 'content-available': 1 }, id: 'm1' });
  await apns.push({}, { aps: { badge: 0 } });
  const { tray, arrivals } = simulators.phones.look(DEVICE);
  expect(tray).toEqual([]);
  expect(arrivals.map(({ effect }) => effect)).toEqual(['silent', 'silent']);
});

test('a message past its expiration is accepted and not shown', async () => {
  expect((await apns.push({ 'apns-expiration': '1760003600' })).status).toBe(200);
  expect(simulators.phones.totals().arrivals).toBe(0);
  expect((await apns.push({ 'apns-expiration': '0' })).status).toBe(200);
  expect(simulators.phones.totals().arrivals).toBe(1);
});

test('a token in upper case is the same phone', async () => {
  expect((await apns.pushTo(DEVICE.toUpperCase())).status).toBe(200);
  expect(simulators.phones.look(DEVICE).tray).toHaveLength(1);
});

test.each([
  ['begins with dead', DEAD, {}, 410, 'Unregistered'],
  ['is on the dead list', OTHER, { deadTokens: [OTHER.toUpperCase()] }, 410, 'Unregistered'],
  ['expired', OTHER, { expiredTokens: [OTHER] }, 410, 'ExpiredToken'],
])(
  'a token that %s gets 410 with a time in milliseconds',
  async (_, token, control, status, reason) => {
    simulators.apns.control({ ...control, deadSince: 1_760_000_000_000 });
    const answer = await apns.pushTo(token);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ reason, timestamp: 1_760_000_000_000 });
    simulators.apns.control({ deadSince: null });
    const { timestamp } = Object((await apns.pushTo(token)).json);
    expect(Math.abs(Date.now() - Number(timestamp))).toBeLessThan(10_000);
    expect(simulators.phones.totals().arrivals).toBe(0);
  },
);

test.each([
  ['no hex', 'regA'.repeat(16), {}, 'BadDeviceToken'],
  ['of 31 bytes', 'a1'.repeat(31), {}, 'BadDeviceToken'],
  ['of 32 bytes and a half', `${OTHER}a`, {}, 'BadDeviceToken'],
  ['of the other environment', OTHER, { otherEnvironmentTokens: [OTHER] }, 'BadDeviceToken'],
  ['of another app', OTHER, { foreignTokens: [OTHER] }, 'DeviceTokenNotForTopic'],
])('a token that is %s is refused', async (_, token, control, reason) => {
  simulators.apns.control(control);
  const answer = await apns.pushTo(token);
  expect(answer.status).toBe(400);
  expect(answer.json).toEqual({ reason });
});

test('too many messages to one device are refused for this device alone', async () => {
  simulators.apns.control({ perDeviceQuota: 2 });
  const statuses = [];
  for (let count = 0; count < 3; count++) statuses.push((await apns.push()).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await apns.push()).json).toEqual({ reason: 'TooManyRequests' });
  expect((await apns.pushTo(OTHER)).status).toBe(200);
  simulators.apns.control({ perDeviceQuota: null });
  expect((await apns.push()).status).toBe(200);
});

test.each([
  [{ status: 503 }, 503, { reason: 'ServiceUnavailable' }],
  [{ status: 500 }, 500, { reason: 'InternalServerError' }],
  [{ code: 'Shutdown' }, 503, { reason: 'Shutdown' }],
  [{ code: 'IdleTimeout' }, 400, { reason: 'IdleTimeout' }],
  [{ code: 'TopicDisallowed' }, 400, { reason: 'TopicDisallowed' }],
  [{ code: 'Forbidden' }, 403, { reason: 'Forbidden' }],
  [{ code: 'BadEnvironmentKeyIdInToken' }, 403, { reason: 'BadEnvironmentKeyIdInToken' }],
  [{ code: 'TooManyRequests', status: 429 }, 429, { reason: 'TooManyRequests' }],
  [{ code: 'NewReason' }, 400, { reason: 'NewReason' }],
  [{ code: 'Unregistered' }, 410, { reason: 'Unregistered', timestamp: expect.any(Number) }],
])('a failure asked for as %j comes with status %i', async (control, status, json) => {
  simulators.apns.control({ failNext: 1, retryAfterSeconds: 3, ...control });
  const answer = await apns.push();
  expect(answer).toMatchObject({ status, json, headers: { 'retry-after': '3' } });
  expect((await apns.push()).status).toBe(200);
  expect(simulators.apns.counters()).toMatchObject({ failed: 1, accepted: 1 });
});

test('a status Apple never gives comes without a body', async () => {
  simulators.apns.control({ failNext: 1, status: 502 });
  expect(await apns.push()).toMatchObject({ status: 502, text: '' });
});

test('a rate that was set is held as an overload', async () => {
  simulators.apns.control({ ratePerSecond: 2 });
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push((await apns.push()).status);
  expect(statuses).toEqual([200, 200, 503, 503]);
  expect(simulators.apns.counters()).toMatchObject({ refusedByRate: 2, maxInWindow: 4 });
  simulators.apns.control({ ratePerSecond: null });
  expect((await apns.push()).status).toBe(200);
});

test('the control, counters and requests are at the common port; provider tokens are blacked out', async () => {
  const control = await call(`${simulators.url}/apns/control`, {
    method: 'POST',
    body: '{"failNext": 1}',
  });
  expect(control.status).toBe(200);
  expect((await apns.push()).status).toBe(503);
  const wrong = await call(`${simulators.url}/apns/control`, { method: 'POST', body: '{"x":1}' });
  expect(wrong.status).toBe(400);
  const { text, json } = await call(`${simulators.url}/apns/requests`);
  expect(text).not.toContain(apns.token);
  expect(json).toMatchObject({
    requests: [
      {
        method: 'POST',
        path: `/3/device/${DEVICE}`,
        headers: { authorization: '[redacted]', 'apns-topic': 'com.example.chat' },
        body: JSON.stringify(PAYLOAD),
        status: 503,
      },
    ],
  });
  expect((await call(`${simulators.url}/apns/control`)).json).toMatchObject({ failed: 1 });
});

test('HTTP/1.1 is not spoken', async () => {
  const common = await call(`${simulators.url}/apns/3/device/${DEVICE}`, { method: 'POST' });
  expect(common.status).toBe(426);
  expect(common.text).toContain(simulators.endpoint('apns'));
  await expect(call(simulators.endpoint('apns'))).rejects.toThrow();
});
