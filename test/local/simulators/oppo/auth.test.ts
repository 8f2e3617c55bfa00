import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../../../../local/simulators/oppo/auth';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { aMessage, authFields, fetchOppoToken, postOppoAuth, unicast } from './oppo-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => simulators.oppo.reset());

test('the signature is the one of the official Java SDK', () => {
  const account = {
    appKey: '3f2a9c51d07e4b86a1c4e95b7d20f813',
    masterSecret: '9b1d7e42c6a84f03b5e2d19870ac64fe',
  };
  expect(sign(account, '1760000000000')).toBe(
    'b06d9e9a5dcf1c3c842ab9d253e7b111f57996e4d11ba07932bfa4f5aaa45028',
  );
});

test('the right signature gets a token', async () => {
  const { status, json } = await postOppoAuth(simulators, { sdk_version: 'JAVA_SDK_V1.0.0' });
  expect(status).toBe(200);
  expect(json).toEqual({
    code: 0,
    message: 'success',
    data: { auth_token: expect.any(String), create_time: expect.any(Number) },
  });
});

const later = () => `${Date.now() + 60_000}`;

const REFUSALS: readonly [string, number, () => Readonly<Record<string, string | undefined>>][] = [
  ['another app key', 14, () => ({ app_key: 'other' })],
  ['no app key', 15, () => ({ app_key: undefined })],
  ['another signature', 16, () => ({ sign: 'a'.repeat(64) })],
  ['no signature', 17, () => ({ sign: undefined })],
  ['no timestamp', 18, () => ({ timestamp: '' })],
  ['a timestamp in seconds', 19, () => ({ timestamp: `${Math.floor(Date.now() / 1_000)}` })],
  ['a timestamp of 11 minutes ago', 19, () => ({ timestamp: `${Date.now() - 660_000}` })],
  ['a timestamp in the future', 19, () => ({ timestamp: later() })],
  ['a field that does not exist', 41, () => ({ app_secret: 'x' })],
];

test.each(REFUSALS)('%s is refused with %i', async (_, code, change) => {
  const { status, json } = await postOppoAuth(simulators, change());
  expect(status).toBe(200);
  expect(json).toEqual({ code, message: expect.any(String) });
});

test('the signature must be lower-case', async () => {
  const fields = authFields(simulators);
  const change = { timestamp: fields.get('timestamp') ?? '' };
  const { json } = await postOppoAuth(simulators, {
    ...change,
    sign: (fields.get('sign') ?? '').toUpperCase(),
  });
  expect(json).toMatchObject({ code: 16 });
});

test('auth takes a form by POST only', async () => {
  const url = `${simulators.authEndpoint('oppo')}/server/v1/auth`;
  expect((await call(url)).json).toMatchObject({ code: 12 });
  const headers = { 'content-type': 'application/json' };
  const posted = await call(url, { method: 'POST', body: '{}', headers });
  expect(posted.json).toMatchObject({ code: 25 });
});

test('auth fails on request, and every auth call is counted', async () => {
  simulators.oppo.control({ failNextAuth: 1 });
  expect((await postOppoAuth(simulators)).json).toMatchObject({ code: -1 });
  expect((await postOppoAuth(simulators)).json).toMatchObject({ code: 0 });
  expect(simulators.oppo.counters()).toMatchObject({ authRequests: 2, requests: 0 });
});

test('the data may come as a JSON text', async () => {
  simulators.oppo.control({ authDataAsText: true });
  const { data } = Object((await postOppoAuth(simulators)).json);
  expect(JSON.parse(data)).toEqual({
    auth_token: expect.any(String),
    create_time: expect.any(Number),
  });
});

test('only tokens issued here are taken, and only until they expire', async () => {
  simulators.oppo.control({ accessTokenSeconds: 1 });
  const token = await fetchOppoToken(simulators);
  expect((await unicast(simulators, token, aMessage())).json).toMatchObject({ code: 0 });
  expect((await unicast(simulators, `${token}x`, aMessage())).json).toMatchObject({ code: 11 });
  await sleep(1_050);
  expect((await unicast(simulators, token, aMessage())).json).toMatchObject({ code: 11 });
});

test('all tokens can be expired at once', async () => {
  const token = await fetchOppoToken(simulators);
  simulators.oppo.control({ expireAccessTokens: true });
  expect((await unicast(simulators, token, aMessage())).json).toMatchObject({ code: 11 });
  const next = await fetchOppoToken(simulators);
  expect((await unicast(simulators, next, aMessage())).json).toMatchObject({ code: 0 });
});

test('an IP on the black list is told so', async () => {
  const token = await fetchOppoToken(simulators);
  simulators.oppo.control({ ipNotAllowed: true });
  expect((await postOppoAuth(simulators)).json).toMatchObject({ code: 26 });
  expect((await unicast(simulators, token, aMessage())).json).toMatchObject({ code: 26 });
});

test('a signature is not told', async () => {
  await postOppoAuth(simulators);
  const { text } = await call(`${simulators.endpoint('oppo')}/requests?last=1`);
  expect(text).toContain('sign=[redacted]');
});
