import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call, fetchAccessToken, postFcm, postToken, signAssertion } from '../calls';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MESSAGE = { message: { token: 'tok1', notification: { title: 'Hello' } } };

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() => simulators.fcm.reset());

function exchange(assertion: string) {
  return postToken(simulators, { grant_type: GRANT_TYPE, assertion });
}

test('a signed assertion is exchanged for an opaque token of about an hour', async () => {
  const { status, json } = await exchange(signAssertion(simulators));
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^ya29\./),
    expires_in: 3_599,
    token_type: 'Bearer',
  });
  expect(simulators.fcm.counters().authRequests).toBe(1);
});

test.each([
  'https://oauth2.googleapis.com/token',
  'http://127.0.0.1:3999/fcm/token',
  'http://localhost:3999/token',
])('the audience %s is right', async (aud) => {
  expect((await exchange(signAssertion(simulators, { claims: { aud } }))).status).toBe(200);
});

const now = Math.floor(Date.now() / 1_000);

test.each([
  ['another grant type', 'unsupported_grant_type', { grant_type: 'authorization_code' }],
  ['no grant type', 'invalid_request', {}],
  ['no assertion', 'invalid_request', { grant_type: GRANT_TYPE }],
  ['no JWT', 'invalid_grant', { grant_type: GRANT_TYPE, assertion: 'nonsense' }],
  ['a JWT of nonsense', 'invalid_grant', { grant_type: GRANT_TYPE, assertion: 'a.b.c' }],
])('%s is refused with %s', async (_, error, fields) => {
  const { status, json } = await postToken(simulators, fields);
  expect(status).toBe(400);
  expect(json).toEqual({ error, error_description: expect.any(String) });
});

test.each([
  ['an unknown account', 'invalid_grant', { claims: { iss: 'a@b.iam.gserviceaccount.com' } }],
  ['another audience', 'invalid_grant', { claims: { aud: 'https://fcm.googleapis.com/' } }],
  ['no messaging scope', 'invalid_scope', { claims: { scope: 'openid email' } }],
  ['no scope', 'invalid_grant', { claims: { scope: undefined } }],
  ['more than an hour', 'invalid_grant', { claims: { iat: now, exp: now + 3_601 } }],
  ['an assertion that expired', 'invalid_grant', { claims: { iat: now - 3_600, exp: now - 1 } }],
  ['an assertion from the future', 'invalid_grant', { claims: { iat: now + 400, exp: now + 800 } }],
  ['an end before the beginning', 'invalid_grant', { claims: { iat: now + 200, exp: now + 100 } }],
  ['times that are no numbers', 'invalid_grant', { claims: { iat: `${now}` } }],
  ['another algorithm', 'invalid_grant', { header: { alg: 'HS256' } }],
  ['an unknown key id', 'invalid_grant', { header: { kid: 'other' } }],
])('%s is refused with %s', async (_, error, change) => {
  const { status, json } = await exchange(signAssertion(simulators, change));
  expect(status).toBe(400);
  expect(json).toMatchObject({ error });
});

test('another key is refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { json } = await exchange(signAssertion(simulators, { privateKey }));
  expect(json).toEqual({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
});

test('only tokens issued here are taken, and only until they expire', async () => {
  simulators.fcm.control({ accessTokenSeconds: 1 });
  const token = await fetchAccessToken(simulators);
  expect((await postFcm(simulators, token, MESSAGE)).status).toBe(200);
  expect((await postFcm(simulators, `${token}x`, MESSAGE)).status).toBe(401);
  await sleep(1_050);
  const { status, headers, json } = await postFcm(simulators, token, MESSAGE);
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toContain('invalid_token');
  expect(json).toEqual({
    error: { code: 401, status: 'UNAUTHENTICATED', message: expect.any(String) },
  });
});

test('all tokens can be expired at once', async () => {
  const token = await fetchAccessToken(simulators);
  simulators.fcm.control({ expireAccessTokens: true });
  expect((await postFcm(simulators, token, MESSAGE)).status).toBe(401);
  expect((await postFcm(simulators, await fetchAccessToken(simulators), MESSAGE)).status).toBe(200);
});

test('the token endpoint fails on request', async () => {
  simulators.fcm.control({ failNextAuth: 1 });
  const statuses = [(await postToken(simulators)).status, (await postToken(simulators)).status];
  expect(statuses).toEqual([503, 200]);
});

test('the token endpoint takes POST only', async () => {
  expect((await call(`${simulators.authEndpoint('fcm')}/token`)).status).toBe(405);
});
