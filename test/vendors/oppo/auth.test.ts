import { createHttpClient } from '../../../lib/http/http-client';
import { accessTokenKey, createAccessTokens } from '../../../lib/vendors/access-tokens';
import { fetchAuthToken } from '../../../lib/vendors/oppo/auth';
import { anAccessTokenStore, startVendorServer, type VendorServer } from '../support';
import { anOppoCertificate, OPPO_CREDENTIALS } from './support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(() => server.close());

const START = 1_760_000_000_000;
const HOUR_MS = 3_600_000;

function fetchAt(now: number) {
  const http = createHttpClient();
  return fetchAuthToken(OPPO_CREDENTIALS, server.url, { http, clock: { now: () => now } });
}

const issued = (data: unknown) => () => ({
  status: 200,
  body: JSON.stringify({ code: 0, message: 'success', data }),
});

test('the documented example: a signed form is exchanged for a token', async () => {
  server.answer = issued({ auth_token: 'tok-4f1c0d', create_time: START + 123 });

  expect(await fetchAt(START)).toEqual({
    kind: 'issued',
    accessToken: 'tok-4f1c0d',
    lifeMs: 23 * HOUR_MS,
  });

  const [request] = server.requests;
  expect(`${request?.method} ${request?.path}`).toBe('POST /server/v1/auth');
  expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
  expect(request?.body).toBe(
    'app_key=3f2a9c51d07e4b86a1c4e95b7d20f813&timestamp=1760000000000&sign=b06d9e9a5dcf1c3c842ab9d253e7b111f57996e4d11ba07932bfa4f5aaa45028',
  );
});

test('the data may be JSON in a string', async () => {
  server.answer = issued('{"auth_token":"tok-2","create_time":1}');

  expect(await fetchAt(START)).toMatchObject({ kind: 'issued', accessToken: 'tok-2' });
});

test('a token handed out again is not used for longer than it lasts', async () => {
  const lifeAfter = async (createdAt: unknown) => {
    server.answer = issued({ auth_token: 'tok', create_time: createdAt });
    const fetched = await fetchAt(START);
    return fetched.kind === 'issued' ? fetched.lifeMs / HOUR_MS : undefined;
  };

  expect(await lifeAfter(START - 10 * HOUR_MS)).toBe(13);
  expect(await lifeAfter(START - 30 * HOUR_MS)).toBe(1);
  expect(await lifeAfter(START + 30 * HOUR_MS)).toBe(23);
  expect(await lifeAfter('today')).toBe(23);
});

test('a token serves many sends, until five minutes before its end', async () => {
  let count = 0;
  const clock = { at: START, now: () => clock.at };
  const http = createHttpClient();
  server.answer = () => issued({ auth_token: `tok-${++count}` })();
  const tokens = createAccessTokens(
    accessTokenKey(anOppoCertificate()),
    () => fetchAuthToken(OPPO_CREDENTIALS, server.url, { http, clock }),
    { store: anAccessTokenStore(), clock },
  );

  await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
  clock.at = START + 23 * HOUR_MS - 300_001;
  expect(await tokens.get()).toEqual({ kind: 'granted', accessToken: 'tok-1' });
  clock.at = START + 23 * HOUR_MS - 300_000;
  expect(await tokens.get()).toEqual({ kind: 'granted', accessToken: 'tok-2' });
});

const refusal = (code: number, message = '') => JSON.stringify({ code, message });

test.each([
  [
    'the secret is wrong',
    { status: 200, body: refusal(16) },
    { kind: 'unauthorized', reason: { code: '16' } },
  ],
  ['our clock is', { status: 200, body: refusal(19) }, { kind: 'misconfigured' }],
  [
    'our address is not allowed',
    { status: 200, body: refusal(26) },
    { kind: 'misconfigured', pauses: true },
  ],
  ['OPPO is busy', { status: 200, body: refusal(-1) }, { kind: 'unavailable' }],
  ['the endpoint is another server', { status: 404, body: '<html>' }, { kind: 'misconfigured' }],
  [
    'there is none in the answer',
    { status: 200, body: '{"code":0,"data":{}}' },
    { kind: 'unavailable', reason: { code: 'auth-unreadable', unmapped: true } },
  ],
  [
    'it could not be sent back',
    { status: 200, body: '{"code":0,"data":{"auth_token":"a\\nb"}}' },
    { kind: 'unavailable', reason: { code: 'auth-unreadable' } },
  ],
  ['the connection breaks', undefined, { kind: 'unavailable', reason: { code: 'network' } }],
])('no token when %s', async (_case, answer, outcome) => {
  server.answer = () => answer;

  expect(await fetchAt(START)).toMatchObject({ kind: 'refused', outcome });
});

test('neither the secret nor the signature is told', async () => {
  server.answer = ({ body }) => ({
    status: 200,
    body: refusal(16, `${body} ${OPPO_CREDENTIALS.masterSecret}`),
  });

  const told = JSON.stringify(await fetchAt(START));

  expect(told).toContain('app_key=…&timestamp=1760000000000&sign=… …');
});
