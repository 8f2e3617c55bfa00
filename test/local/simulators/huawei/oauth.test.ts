import { setTimeout as sleep } from 'node:timers/promises';
import { OAuth } from '../../../../local/simulators/huawei/oauth';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { TokenDesk } from '../../../../local/simulators/token-desk';
import { call } from '../calls';
import { fetchToken, huaweiMessage, postHuawei, postToken, postTokenBody } from './push-kit-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => simulators.huawei.reset());

test('the client secret gets an opaque token of an hour, its slashes escaped', async () => {
  const { status, headers, json, text } = await postToken(simulators);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(json).toEqual({
    access_token: expect.stringMatching(/^CgB6e3x9\/\+/),
    expires_in: 3_600,
    token_type: 'Bearer',
  });
  expect(text).toContain('CgB6e3x9\\/+');
  expect(simulators.huawei.counters().authRequests).toBe(1);
});

test('the body of the documentation’s example is read as it is meant', () => {
  const client = { clientId: '100200300', clientSecret: 's3cr+t/=A&b' };
  const oauth = new OAuth(client, new TokenDesk(3_600));
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body =
    'grant_type=client_credentials&client_id=100200300&client_secret=s3cr%2Bt%2F%3DA%26b';
  expect(oauth.answer({ method: 'POST', headers, body: Buffer.from(body) }).status).toBe(200);
});

test.each([
  ['another grant type', 20182, { grant_type: 'authorization_code' }],
  ['no grant type', 20182, { grant_type: undefined }],
  ['a client id with a letter', 20002, { client_id: '12a' }],
  ['no client id', 20002, { client_id: undefined }],
  ['a client id of 65 digits', 20002, { client_id: '1'.repeat(65) }],
  ['an unknown client id', 20003, { client_id: '123' }],
  ['no client secret', 20171, { client_secret: undefined }],
  ['an empty client secret', 20171, { client_secret: '' }],
  ['a client secret with a blank', 20172, { client_secret: 'a b' }],
  ['another client secret', 12304, { client_secret: 'other' }],
])('%s is refused with sub-error %i', async (_, sub_error, change) => {
  const { status, json } = await postToken(simulators, change);
  expect(status).toBe(400);
  expect(json).toEqual({ error: 1101, sub_error, error_description: expect.any(String) });
});

test('a secret that is not encoded is not the secret', async () => {
  const { clientId, clientSecret } = simulators.credentials('huawei');
  const body = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
  expect((await postTokenBody(simulators, body)).status).toBe(400);
});

test.each([
  ['a parameter that comes twice', 'client_id=1&client_id=1', undefined, 20002],
  ['a body that is no form', '{}', 'application/json', 20182],
])('%s is refused', async (_, rest, contentType, sub_error) => {
  const body = `grant_type=client_credentials&${rest}`;
  const { status, json } = await postTokenBody(simulators, body, contentType);
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: 1101, sub_error });
});

test('the token endpoint takes POST only, and only at its address', async () => {
  const endpoint = simulators.authEndpoint('huawei');
  expect((await call(`${endpoint}/oauth2/v3/token`)).status).toBe(405);
  expect((await call(`${endpoint}/oauth2/v2/token`, { method: 'POST' })).status).toBe(404);
});

test('the token endpoint fails on request', async () => {
  simulators.huawei.control({ failNextAuth: 1 });
  const statuses = [(await postToken(simulators)).status, (await postToken(simulators)).status];
  expect(statuses).toEqual([503, 200]);
});

test('1000 tokens in 5 minutes are issued and no more; refusals do not count', async () => {
  const { clientId, clientSecret } = simulators.credentials('huawei');
  const oauth = new OAuth({ clientId, clientSecret }, new TokenDesk(3_600));
  const ask = (secret: string) => {
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    return oauth.answer({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(new URLSearchParams(fields).toString()),
    }).status;
  };
  expect(ask('other')).toBe(400);
  const statuses = Array.from({ length: 1_001 }, () => ask(clientSecret));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
  expect(statuses.at(-1)).toBe(503);
});

test('the limit of tokens can be set, and is the usual one again after a reset', async () => {
  simulators.huawei.control({ accessTokenLimit: 1 });
  const first = [(await postToken(simulators)).status, (await postToken(simulators)).status];
  expect(first).toEqual([200, 503]);
  expect(simulators.huawei.counters().authRequests).toBe(2);
  simulators.huawei.reset();
  expect((await postToken(simulators)).status).toBe(200);
});

test('only tokens issued here are taken, and only until they expire', async () => {
  simulators.huawei.control({ accessTokenSeconds: 1 });
  const { json } = await postToken(simulators);
  expect(json).toMatchObject({ expires_in: 1 });
  const token = await fetchToken(simulators);
  expect((await postHuawei(simulators, token, huaweiMessage())).status).toBe(200);
  const wrong = await postHuawei(simulators, `${token}x`, huaweiMessage());
  expect(wrong.status).toBe(401);
  expect(wrong.json).toMatchObject({ code: '80200003' });
  await sleep(1_050);
  const late = await postHuawei(simulators, token, huaweiMessage());
  expect(late.status).toBe(401);
  expect(late.json).toEqual({
    code: '80200003',
    msg: 'Oauth Token expired.',
    requestId: expect.stringMatching(/^\d{18}$/),
  });
});

test('all tokens can be expired at once; a reset alone expires none', async () => {
  const token = await fetchToken(simulators);
  simulators.huawei.reset();
  expect((await postHuawei(simulators, token, huaweiMessage())).status).toBe(200);
  simulators.huawei.control({ expireAccessTokens: true });
  expect((await postHuawei(simulators, token, huaweiMessage())).status).toBe(401);
  const fresh = await fetchToken(simulators);
  expect((await postHuawei(simulators, fresh, huaweiMessage())).status).toBe(200);
});

test('the captured request does not tell the secret', async () => {
  await postToken(simulators);
  const { clientSecret } = simulators.credentials('huawei');
  const [captured] = simulators.huawei.front.captured.last(1);
  expect(captured?.body).toMatch(/client_secret=\[redacted\]$/);
  expect(captured?.body).not.toContain(encodeURIComponent(clientSecret));
});
