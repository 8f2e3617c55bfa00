import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { harmonyMessage, long, manyTokens, postHarmony } from '../huawei/push-kit-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.harmony.reset();
  simulators.phones.clear();
});

function revoke(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const path = `/v1/${simulators.credentials('harmony').clientId}/messages:revoke`;
  return postHarmony(simulators, body, { path, headers });
}

test('a notification is taken back from the phones that have it', async () => {
  await postHarmony(simulators, harmonyMessage());
  const { status, json } = await revoke({ notifyId: 1001, token: ['tokA', 'tokC'] });
  expect(status).toBe(200);
  expect(json).toMatchObject({ code: '80000000', msg: 'Success' });
  expect(simulators.phones.look('tokA')).toMatchObject({ tray: [], withdrawn: 1 });
  expect(simulators.phones.look('tokB').tray).toHaveLength(1);
  expect(simulators.harmony.counters()).toMatchObject({ accepted: 2, targets: 2 });
});

test('another notifyId stays', async () => {
  await postHarmony(simulators, harmonyMessage());
  await revoke({ notifyId: 1002, token: ['tokA'] });
  expect(simulators.phones.look('tokA').tray).toHaveLength(1);
});

test('illegal tokens are named', async () => {
  const some = await revoke({ notifyId: 1, token: ['tokA', 'dead-1'] });
  expect(some.json).toMatchObject({
    code: '80100000',
    msg: '{"illegalTokens":{"tokenFormatError":["dead-1"]},"success":1,"failure":1}',
  });
  const all = await revoke({ notifyId: 1, token: ['dead-1'] });
  expect(all.json).toMatchObject({ code: '80300007' });
});

test.each([
  ['no notifyId', '80100001', { token: ['tokA'] }],
  ['a negative notifyId', '80100001', { notifyId: -1, token: ['tokA'] }],
  ['a notifyId that is text', '80100001', { notifyId: '1', token: ['tokA'] }],
  ['no token', '80100001', { notifyId: 1 }],
  ['an empty list of tokens', '80100001', { notifyId: 1, token: [] }],
  ['1001 tokens', '80300010', { notifyId: 1, token: manyTokens(1_001) }],
  ['a field that does not exist', '80100001', { notifyId: 1, token: ['tokA'], tokens: [] }],
  ['over 4096 bytes', '80300008', { notifyId: 1, token: ['tokA'], rest: long(4_096) }],
])('%s is refused with %s', async (_, code, body) => {
  const { status, json } = await revoke(body);
  expect(status).toBe(400);
  expect(json).toMatchObject({ code });
});

test.each(['', '1', '6', '10'])('push-type %j cannot be taken back', async (pushType) => {
  const { json } = await revoke({ notifyId: 1, token: ['tokA'] }, { 'push-type': pushType });
  expect(json).toMatchObject({
    code: '80100003',
    msg: 'Illegal payload, The header does not contain valid push-type',
  });
});

test('push-type 2 can', async () => {
  const { status } = await revoke({ notifyId: 1, token: ['tokA'] }, { 'push-type': '2' });
  expect(status).toBe(200);
});

test('taking back goes by the client, not by the project', async () => {
  const path = `/v1/${simulators.credentials('harmony').projectId}/messages:revoke`;
  const body = { notifyId: 1, token: ['tokA'] };
  const { status, json } = await postHarmony(simulators, body, { path });
  expect(status).toBe(401);
  expect(json).toMatchObject({ code: '80200001' });
});

test('taking back counts in the rate by its tokens', async () => {
  simulators.harmony.control({ ratePerSecond: 2 });
  expect((await revoke({ notifyId: 1, token: manyTokens(3) })).status).toBe(503);
  expect((await revoke({ notifyId: 1, token: manyTokens(2) })).status).toBe(200);
});
