import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call } from '../calls';
import { aMessage, fetchHonorToken, postHonor, postHonorToken } from './honor-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => simulators.honor.reset());

test.each(['/auth/token', '/auth/realms/developer/protocol/openid-connect/token'])(
  'the right client gets a token for an hour from %s',
  async (path) => {
    const { status, json } = await postHonorToken(simulators, {}, path);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      expires_in: 3_600,
      token_type: 'Bearer',
    });
  },
);

test.each([
  ['another secret', 401, 'invalid_client', { client_secret: 'other' }],
  ['another client', 401, 'invalid_client', { client_id: 'other' }],
  ['another grant type', 400, 'unsupported_grant_type', { grant_type: 'password' }],
  ['a field that does not exist', 400, 'invalid_request', { scope: 'push' }],
])('%s is refused with %i %s', async (_, status, error, change) => {
  const answer = await postHonorToken(simulators, change);
  expect(answer.status).toBe(status);
  expect(answer.json).toEqual({ error, error_description: expect.any(String) });
});

test.each([
  ['a missing field', 'grant_type=client_credentials&client_id=x', {}],
  ['a field given twice', 'grant_type=client_credentials&client_id=x&client_id=x', {}],
  ['a secret that is not encoded', 'grant_type=client_credentials&client_secret=a/b', {}],
  ['JSON', '{}', { 'content-type': 'application/json' }],
])('%s is refused', async (_, body, headers) => {
  const { status, json } = await call(`${simulators.authEndpoint('honor')}/auth/token`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: 'invalid_request' });
});

test('the token endpoint takes POST only', async () => {
  expect((await call(`${simulators.authEndpoint('honor')}/auth/token`)).status).toBe(405);
});

test('the token endpoint fails on request, and every request for a token is counted', async () => {
  simulators.honor.control({ failNextAuth: 1 });
  const statuses = [await postHonorToken(simulators), await postHonorToken(simulators)];
  expect(statuses.map(({ status }) => status)).toEqual([503, 200]);
  expect(simulators.honor.counters()).toMatchObject({ authRequests: 2, requests: 0 });
});

test('only tokens issued here are taken, and only until they expire', async () => {
  simulators.honor.control({ accessTokenSeconds: 1 });
  const token = await fetchHonorToken(simulators);
  expect((await postHonor(simulators, token, aMessage())).json).toMatchObject({ code: 200 });
  await sleep(1_050);
  const { status, json } = await postHonor(simulators, token, aMessage());
  expect(status).toBe(401);
  expect(json).toEqual({ code: 401, message: 'the access token is invalid or expired' });
});

test('all tokens can be expired at once', async () => {
  const token = await fetchHonorToken(simulators);
  simulators.honor.control({ expireAccessTokens: true });
  expect((await postHonor(simulators, token, aMessage())).status).toBe(401);
  const next = await fetchHonorToken(simulators);
  expect((await postHonor(simulators, next, aMessage())).status).toBe(200);
});

test('the client’s secret is not told', async () => {
  await postHonorToken(simulators);
  const { text } = await call(`${simulators.endpoint('honor')}/requests?last=1`);
  const { clientSecret } = simulators.credentials('honor');
  expect(text).toContain('client_secret=[redacted]');
  expect(text).not.toContain(encodeURIComponent(clientSecret));
});
